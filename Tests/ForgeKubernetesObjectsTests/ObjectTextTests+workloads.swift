// SPDX-License-Identifier: Apache-2.0

extension ObjectTextTests {
    static let workload = [
        #"""
        apiVersion: "apps/v1"
        kind: "Deployment"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
            paas.forge/process: "web"
          name: "shop-web"
          namespace: "forge-apps"
        spec:
          progressDeadlineSeconds: 660
          replicas: 2
          revisionHistoryLimit: 3
          selector:
            matchLabels:
              paas.forge/app: "shop"
              paas.forge/instance: "test"
              paas.forge/process: "web"
          strategy:
            rollingUpdate:
              maxSurge: "25%"
              maxUnavailable: 0
            type: "RollingUpdate"
          template:
            metadata:
              labels:
                app.kubernetes.io/managed-by: "forge"
                paas.forge/app: "shop"
                paas.forge/instance: "test"
                paas.forge/process: "web"
                paas.forge/set: "5305d73513"
            spec:
              automountServiceAccountToken: false
              containers:
                - command:
                    - "/cnb/process/web"
                  env:
                    - name: "HOME"
                      value: "/tmp"
                    - name: "LOG_LEVEL"
                      value: "info"
                    - name: "PORT"
                      value: "8080"
                  image: "127.0.0.1:5000/apps/shop@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                  imagePullPolicy: "IfNotPresent"
                  lifecycle:
                    preStop:
                      sleep:
                        seconds: 5
                  name: "web"
                  ports:
                    - containerPort: 8080
                      name: "http"
                      protocol: "TCP"
                  readinessProbe:
                    failureThreshold: 3
                    httpGet:
                      path: "/healthz"
                      port: "http"
                      scheme: "HTTP"
                    periodSeconds: 2
                    successThreshold: 1
                    timeoutSeconds: 5
                  resources:
                    limits:
                      cpu: "1"
                      memory: "256Mi"
                    requests:
                      cpu: "200m"
                      memory: "256Mi"
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop:
                        - "ALL"
                  startupProbe:
                    failureThreshold: 60
                    httpGet:
                      path: "/healthz"
                      port: "http"
                      scheme: "HTTP"
                    periodSeconds: 1
                    successThreshold: 1
                    timeoutSeconds: 5
              enableServiceLinks: false
              securityContext:
                runAsNonRoot: true
                seccompProfile:
                  type: "RuntimeDefault"
              serviceAccountName: "shop"
              terminationGracePeriodSeconds: 35
              topologySpreadConstraints:
                - labelSelector:
                    matchLabels:
                      paas.forge/app: "shop"
                      paas.forge/instance: "test"
                      paas.forge/process: "web"
                  maxSkew: 1
                  topologyKey: "kubernetes.io/hostname"
                  whenUnsatisfiable: "ScheduleAnyway"
        """#,
        #"""
        apiVersion: "v1"
        kind: "Service"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
            paas.forge/process: "web"
          name: "shop-web"
          namespace: "forge-apps"
        spec:
          ports:
            - name: "http"
              port: 80
              protocol: "TCP"
              targetPort: "http"
          selector:
            paas.forge/app: "shop"
            paas.forge/instance: "test"
            paas.forge/process: "web"
        """#,
        #"""
        apiVersion: "policy/v1"
        kind: "PodDisruptionBudget"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
            paas.forge/process: "web"
          name: "shop-web"
          namespace: "forge-apps"
        spec:
          maxUnavailable: 1
          selector:
            matchLabels:
              paas.forge/app: "shop"
              paas.forge/instance: "test"
              paas.forge/process: "web"
        """#,
    ]

    static let route = [
        #"""
        apiVersion: "networking.k8s.io/v1"
        kind: "Ingress"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
            paas.forge/process: "web"
          name: "shop.example.com"
          namespace: "forge-apps"
        spec:
          ingressClassName: "forge"
          rules:
            - host: "shop.example.com"
              http:
                paths:
                  - backend:
                      service:
                        name: "shop-web"
                        port:
                          name: "http"
                    path: "/"
                    pathType: "Prefix"
        """#
    ]
}
