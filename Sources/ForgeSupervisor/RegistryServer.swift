// SPDX-License-Identifier: Apache-2.0

import ForgeHTTP
import ForgeModel
import FoundationEssentials

/// The image registry as the platform runs it: on loopback, for user `forge` with a password of its own.
package struct RegistryServer: Sendable {
    /// The only user.
    package static let user = "forge"

    let folder: StateFolder
    let port: Int
    let executable: String
    let htpasswd: String
    let call: LocalCall

    /// The configuration file's text; quoted, as a folder's name may look like something else to YAML.
    func configuration(secret: String) -> String {
        """
        version: 0.1
        log: {level: warn, accesslog: {disabled: true}}
        storage:
          filesystem: {rootdirectory: "\(folder.registry)/data"}
          delete: {enabled: true}
          cache: {blobdescriptor: inmemory}
        http: {addr: "127.0.0.1:\(port)", secret: "\(secret)"}
        auth:
          htpasswd: {realm: forge, path: "\(folder.registry)/htpasswd"}

        """
    }

    /// The password, made when there is none yet: 32 random bytes as hexadecimal digits.
    static func password(_ folder: StateFolder) throws -> String {
        if let kept = try StateFile.read(folder.registryPassword) { return String(decoding: kept, as: UTF8.self) }
        let password = RandomText.hexadecimal(bytes: 32)
        try StateFile.replace(folder.registryPassword, with: Array(password.utf8))
        return password
    }

    /// The part.
    var child: Child {
        Child(name: "registry", patience: .seconds(10)) {
            let file = folder.registry + "/config.yml"
            try await writePasswordFile()
            try StateFile.replace(file, with: Array(configuration(secret: RandomText.hexadecimal(bytes: 32)).utf8))
            return ChildCommand(executable, ["serve", file], environment: ["PATH": "/usr/bin:/bin"])
        } probe: {
            guard let password = try? Self.password(folder) else { return false }
            let pair = Data("\(Self.user):\(password)".utf8).base64EncodedString()
            return await call.status("http://127.0.0.1:\(port)/v2/", headers: ["Authorization": "Basic \(pair)"]) == 200
        }
    }

    /// bcrypt with the lowest cost that it is safe with: a random password of 256 bits is not guessed, and every
    /// request is checked against it.
    private func writePasswordFile() async throws {
        _ = try Self.password(folder)
        let result = try await ToolRun.perform(
            ChildCommand(htpasswd, ["-i", "-B", "-n", "-C", "5", Self.user], environment: ["PATH": "/usr/bin:/bin"]),
            scratch: folder.temporary,
            input: folder.registryPassword
        )
        guard result.status == .exited(0), result.output.hasPrefix(Self.user + ":$2y$") else {
            throw SupervisorError(.failed, "htpasswd \(result.status), it cannot hash the registry's password")
        }
        try StateFile.replace(folder.registry + "/htpasswd", with: Array(result.output.utf8))
    }
}

/// Text that nobody can guess.
enum RandomText {
    /// Random bytes of the system's generator (getrandom(2)) as hexadecimal digits.
    static func hexadecimal(bytes count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return Hexadecimal.text((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
