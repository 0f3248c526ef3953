// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import FoundationEssentials

extension RegistryClient {
    /// distribution-spec, "Listing Tags"; a repository without tags may have `null`.
    private struct TagList: Decodable {
        var tags: [String]?
    }

    /// Every tag of a repository, sorted; none if the registry does not know the repository.
    /// - Throws: `RegistryError` with `.tooLarge` beyond 100 pages of 1000 tags, as registries cut them.
    package func tags(_ repository: String) async throws -> [String] {
        var url: String? = try repositoryURL(repository) + "/tags/list?n=1000"
        var tags: [String] = []
        var pages = 0
        while let current = url {
            let call = RegistryCall(
                "GET",
                current,
                subject: "\(endpoint.host)/\(repository)",
                scopes: [RegistryScope(repository, .pull)]
            )
            pages += 1
            guard pages <= 100 else { throw RegistryError(.tooLarge, "\(call.subject): too many tags to list") }
            let response = try await send(call)
            if response.status == 404 {
                await discard(response)
                break
            }
            guard response.status == 200 else { throw await failure(response, call) }
            let bytes = try await collect(response, limit: 8 << 20, call)
            guard let list = try? JSONDecoder().decode(TagList.self, from: Data(bytes)) else {
                throw RegistryError(.protocolError, "\(call.subject): the list of tags is not JSON")
            }
            tags += list.tags ?? []
            url = try nextPage(response.headers["Link"], call)
        }
        return tags.sorted()
    }

    /// The target of `</v2/…?last=x&n=1000>; rel="next"` (RFC 8288).
    private func nextPage(_ link: String?, _ call: RegistryCall) throws -> String? {
        guard let link, link.contains("rel=\"next\""), let start = link.firstIndex(of: "<"),
            let end = link.firstIndex(of: ">"), start < end
        else { return nil }
        return try resolve(String(link[link.index(after: start)..<end]), call)
    }

    /// A `Location` or link that the registry gave: absolute, or a path on it.
    func resolve(_ target: String, _ call: RegistryCall) throws -> String {
        if target.hasPrefix("http://") || target.hasPrefix("https://") { return target }
        guard target.hasPrefix("/") else {
            throw RegistryError(.protocolError, "\(call.subject): the registry gives a link that is no URL or path")
        }
        return endpoint.origin + target
    }
}
