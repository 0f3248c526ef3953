// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
package import ForgeModel

extension KubernetesDialect {
    /// How much longer than its pod a job may take, in seconds: a pod that no node takes has no time of its own.
    private static let jobSlack = 120

    /// What a task needs: its job, and what has to be there before.
    package func objects(of task: ClusterTask, _ provisions: TaskProvisions) -> TaskObjects {
        let encoding = TaskEncoding(task: task, provisions: provisions, naming: naming)
        var foundations = task.kind == .build ? buildObjects : []
        foundations += [encoding.certificates, encoding.cache].compactMap { $0 }
        return TaskObjects(
            foundations: foundations,
            credentials: encoding.credentials,
            job: KubernetesObject(
                "batch/v1",
                "Job",
                encoding.name,
                in: encoding.namespace,
                labels: encoding.labels,
                content: [
                    "spec": [
                        "activeDeadlineSeconds": .number(task.timeout.wholeSeconds + Self.jobSlack),
                        "backoffLimit": 0,
                        "template": [
                            "metadata": ["labels": .texts(encoding.labels)], "spec": .object(encoding.pod),
                        ],
                    ]
                ]
            )
        )
    }
}
