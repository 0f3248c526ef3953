// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import Testing

@testable import ForgePlatform

/// What someone who installs a platform is told while it starts.
@Suite struct PlatformReadinessTests {
    private func deployment(observed: Int64 = 2, total: Int64 = 1, updated: Int64, ready: Int64) -> JSONValue {
        [
            "kind": "Deployment", "metadata": ["generation": 2], "spec": ["replicas": 1],
            "status": [
                "observedGeneration": .integer(observed), "replicas": .integer(total),
                "updatedReplicas": .integer(updated),
                "readyReplicas": .integer(ready),
            ],
        ]
    }

    @Test func `a deployment is ready when the cluster has seen it and all its new pods are`() {
        #expect(PlatformReadiness.problem(deployment(updated: 1, ready: 1), pods: []) == nil)
        #expect(
            PlatformReadiness.problem(deployment(observed: 1, updated: 1, ready: 1), pods: [])?.text == "1 of 1 ready"
        )
        #expect(PlatformReadiness.problem(deployment(updated: 0, ready: 1), pods: [])?.text == "0 of 1 ready")
        #expect(PlatformReadiness.problem(deployment(total: 2, updated: 1, ready: 1), pods: [])?.text == "1 of 1 ready")
        #expect(PlatformReadiness.problem(nil, pods: [])?.text == "it is not there")
    }

    @Test func `a daemon set is ready when every node has it`() {
        let set: JSONValue = [
            "kind": "DaemonSet", "metadata": ["generation": 1],
            "status": [
                "observedGeneration": 1, "desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberReady": 2,
            ],
        ]
        #expect(PlatformReadiness.problem(set, pods: [])?.text == "2 of 3 ready")
    }

    @Test func `what keeps a pod from starting is told in the cluster's words`() {
        let missing = deployment(updated: 1, ready: 0)
        let pull: JSONValue = [
            "status": [
                "containerStatuses": [
                    [
                        "name": "forge-api",
                        "state": ["waiting": ["reason": "ImagePullBackOff", "message": "not found\nmore"]],
                    ]
                ]
            ]
        ]
        #expect(
            PlatformReadiness.problem(missing, pods: [pull])?.text
                == "0 of 1 ready: forge-api: ImagePullBackOff: not found"
        )
        let crash: JSONValue = [
            "status": [
                "containerStatuses": [
                    [
                        "name": "forge-api",
                        "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off"]],
                        "lastState": ["terminated": ["exitCode": 69]],
                    ]
                ]
            ]
        ]
        #expect(
            PlatformReadiness.problem(missing, pods: [crash])?.text
                == "0 of 1 ready: forge-api: CrashLoopBackOff: it exited with 69"
        )
        let homeless: JSONValue = [
            "status": [
                "conditions": [["type": "PodScheduled", "status": "False", "message": "0/1 nodes are available"]]
            ]
        ]
        #expect(
            PlatformReadiness.problem(missing, pods: [homeless])?.text
                == "0 of 1 ready: no node takes it: 0/1 nodes are available"
        )
    }
}
