// SPDX-License-Identifier: Apache-2.0

extension ObjectTextTests {
    static let build = [
        #"""
        apiVersion: "v1"
        data:
          certificates.pem: "PEM"
        kind: "ConfigMap"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/instance: "test"
          name: "forge.certificates.384fb9a44f"
          namespace: "forge-builds"
        """#,
        #"""
        apiVersion: "v1"
        kind: "PersistentVolumeClaim"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
          name: "cache-shop"
          namespace: "forge-builds"
        spec:
          accessModes:
            - "ReadWriteOnce"
          resources:
            requests:
              storage: "10Gi"
          storageClassName: "fast"
        """#,
        #"""
        apiVersion: "v1"
        data:
          CNB_REGISTRY_AUTH: "eyJyIjoiQmFzaWMgeCJ9"
        kind: "Secret"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
            paas.forge/task: "build-7-0123456789"
          name: "shop-build-7-0123456789"
          namespace: "forge-builds"
        type: "Opaque"
        """#,
        #"""
        apiVersion: "batch/v1"
        kind: "Job"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
            paas.forge/task: "build-7-0123456789"
          name: "shop-build-7-0123456789"
          namespace: "forge-builds"
        spec:
          activeDeadlineSeconds: 1920
          backoffLimit: 0
          template:
            metadata:
              labels:
                app.kubernetes.io/managed-by: "forge"
                paas.forge/app: "shop"
                paas.forge/instance: "test"
                paas.forge/task: "build-7-0123456789"
            spec:
              activeDeadlineSeconds: 1800
              automountServiceAccountToken: false
              containers:
                - command:
                    - "/cnb/lifecycle/export"
                    - "-app=$$(pwd)"
                  env:
                    - name: "CNB_PLATFORM_API"
                      value: "0.14"
                    - name: "CNB_REGISTRY_AUTH"
                      valueFrom:
                        secretKeyRef:
                          key: "CNB_REGISTRY_AUTH"
                          name: "shop-build-7-0123456789"
                  image: "127.0.0.1:5000/platform/builder@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                  imagePullPolicy: "IfNotPresent"
                  name: "export"
                  resources:
                    limits:
                      cpu: "500m"
                      memory: "512Mi"
                    requests:
                      cpu: "50m"
                      memory: "128Mi"
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop:
                        - "ALL"
                    runAsGroup: 1000
                    runAsUser: 1001
                  volumeMounts:
                    - mountPath: "/workspace"
                      name: "workspace"
                    - mountPath: "/cache"
                      name: "forge-cache"
              enableServiceLinks: false
              initContainers:
                - command:
                    - "/cnb/lifecycle/detect"
                    - "-app=$$(pwd)"
                  env:
                    - name: "CNB_PLATFORM_API"
                      value: "0.14"
                    - name: "CURL_CA_BUNDLE"
                      value: "/etc/forge/certificates.pem"
                    - name: "HTTPS_PROXY"
                      value: "http://proxy:3128"
                    - name: "NODE_EXTRA_CA_CERTS"
                      value: "/etc/forge/certificates.pem"
                    - name: "PIP_CERT"
                      value: "/etc/forge/certificates.pem"
                    - name: "REQUESTS_CA_BUNDLE"
                      value: "/etc/forge/certificates.pem"
                    - name: "SSL_CERT_FILE"
                      value: "/etc/forge/certificates.pem"
                  image: "127.0.0.1:5000/platform/builder@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
                  imagePullPolicy: "IfNotPresent"
                  name: "detect"
                  resources:
                    limits:
                      cpu: "500m"
                      memory: "512Mi"
                    requests:
                      cpu: "50m"
                      memory: "128Mi"
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop:
                        - "ALL"
                    runAsGroup: 1000
                    runAsUser: 1001
                  volumeMounts:
                    - mountPath: "/workspace"
                      name: "workspace"
                    - mountPath: "/etc/forge/certificates.pem"
                      name: "forge-certificates"
                      readOnly: true
                      subPath: "certificates.pem"
              restartPolicy: "Never"
              securityContext:
                fsGroup: 1000
                runAsNonRoot: true
                seccompProfile:
                  type: "RuntimeDefault"
              volumes:
                - emptyDir: {}
                  name: "workspace"
                - name: "forge-cache"
                  persistentVolumeClaim:
                    claimName: "cache-shop"
                - configMap:
                    name: "forge.certificates.384fb9a44f"
                  name: "forge-certificates"
        """#,
    ]
}
