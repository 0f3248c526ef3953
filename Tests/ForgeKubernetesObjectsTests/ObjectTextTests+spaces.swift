// SPDX-License-Identifier: Apache-2.0

extension ObjectTextTests {
    static let space = [
        #"""
        apiVersion: "v1"
        automountServiceAccountToken: false
        kind: "ServiceAccount"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
          name: "shop"
          namespace: "forge-apps"
        """#,
        #"""
        apiVersion: "networking.k8s.io/v1"
        kind: "NetworkPolicy"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/app: "shop"
            paas.forge/instance: "test"
          name: "shop"
          namespace: "forge-apps"
        spec:
          egress:
            - to:
                - podSelector:
                    matchLabels:
                      paas.forge/app: "shop"
                      paas.forge/instance: "test"
          ingress:
            - from:
                - podSelector:
                    matchLabels:
                      paas.forge/app: "shop"
                      paas.forge/instance: "test"
                - namespaceSelector:
                    matchLabels:
                      paas.forge/instance: "test"
                      paas.forge/namespace: "system"
          podSelector:
            matchLabels:
              paas.forge/app: "shop"
              paas.forge/instance: "test"
          policyTypes:
            - "Ingress"
            - "Egress"
        """#,
    ]

    static let shared = [
        #"""
        apiVersion: "v1"
        kind: "Namespace"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/instance: "test"
            paas.forge/namespace: "apps"
            pod-security.kubernetes.io/audit: "restricted"
            pod-security.kubernetes.io/enforce: "restricted"
            pod-security.kubernetes.io/warn: "restricted"
          name: "forge-apps"
        """#,
        #"""
        apiVersion: "v1"
        kind: "ResourceQuota"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/instance: "test"
          name: "paas.forge"
          namespace: "forge-apps"
        spec:
          hard:
            pods: "5000"
            services.loadbalancers: "0"
            services.nodeports: "0"
        """#,
        #"""
        apiVersion: "v1"
        kind: "LimitRange"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/instance: "test"
          name: "paas.forge"
          namespace: "forge-apps"
        spec:
          limits:
            - default:
                cpu: "500m"
                memory: "512Mi"
              defaultRequest:
                cpu: "100m"
                memory: "512Mi"
              type: "Container"
        """#,
        #"""
        apiVersion: "networking.k8s.io/v1"
        kind: "NetworkPolicy"
        metadata:
          labels:
            app.kubernetes.io/managed-by: "forge"
            paas.forge/instance: "test"
          name: "paas.forge"
          namespace: "forge-apps"
        spec:
          egress:
            - ports:
                - port: 53
                  protocol: "UDP"
                - port: 53
                  protocol: "TCP"
              to:
                - namespaceSelector: {}
            - to:
                - ipBlock:
                    cidr: "0.0.0.0/0"
                    except:
                      - "169.254.0.0/16"
                - ipBlock:
                    cidr: "::/0"
                    except: []
          podSelector: {}
          policyTypes:
            - "Ingress"
            - "Egress"
        """#,
    ]
}
