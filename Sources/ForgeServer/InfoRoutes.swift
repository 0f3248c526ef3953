// SPDX-License-Identifier: Apache-2.0

import ForgeAPI
import HTTPTypes
import Hummingbird
import NIOCore

/// What needs no token: `/healthz`, and `/v1/version`.
struct InfoRoutes: Sendable {
    func add(to router: some RouterMethods<APIContext>) {
        router.endpoint(
            "healthz",
            [.get: { _, _ in Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n"))) }]
        )
        router.endpoint("v1/version", [.get: { _, _ in try Response.document(VersionDocument()) }])
    }
}
