// SPDX-License-Identifier: Apache-2.0

import ForgeLaunch
import Glibc

/// The few system calls that the launcher needs; it links neither Foundation nor any shared library.
enum Files {
    static func environment() -> [String: [UInt8]] {
        var variables: [String: [UInt8]] = [:]
        var next = environ
        while let entry = next.pointee {
            let bytes = UnsafeBufferPointer(start: entry, count: strlen(entry)).map { UInt8(bitPattern: $0) }
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
                variables[String(decoding: bytes[..<equals], as: UTF8.self)] = Array(bytes[(equals + 1)...])
            }
            next += 1
        }
        return variables
    }

    static func read(_ path: String, limit: Int) throws(LaunchError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .failed("cannot open '\(path)': \(reason())") }
        defer { close(file) }
        return try read(file, path, limit: limit)
    }

    static func read(_ file: Int32, _ path: String, limit: Int) throws(LaunchError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .failed("cannot read '\(path)': \(reason())")
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw .failed("'\(path)' has more than \(limit) bytes") }
        }
    }

    static func isDirectory(_ path: String) -> Bool { kind(path) == S_IFDIR }
    static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }

    /// The directories in a directory, links to some included, in byte order; none when it is missing.
    static func directories(in path: String) -> [String] { names(in: path).filter { isDirectory("\(path)/\($0)") } }
    /// The files in a directory, in byte order; none when it is missing.
    static func files(in path: String) -> [String] { names(in: path).filter { isFile("\(path)/\($0)") } }

    static func change(to directory: String) throws(LaunchError) {
        guard chdir(directory) == 0 else { throw .failed("cannot change to '\(directory)': \(reason())") }
    }

    /// Finds the program in the new PATH and becomes it.
    static func execute(_ command: [String], _ environment: LayerEnvironment) throws(LaunchError) {
        let program = command[0]
        if program.utf8.contains(UInt8(ascii: "/")) { return try execute(program, command, environment) }
        let path = String(decoding: environment["PATH"] ?? [], as: UTF8.self)
        for directory in path.split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = (directory.isEmpty ? "." : directory) + "/" + program
            if isFile(candidate), access(candidate, X_OK) == 0 {
                return try execute(candidate, command, environment)
            }
        }
        throw .failed("'\(program)' is not in PATH (\(path))")
    }

    static func execute(_ path: String, _ arguments: [String], _ environment: LayerEnvironment) throws(LaunchError) {
        withStrings(arguments.map { Array($0.utf8) }) { argv in
            withStrings(environment.entries) { envp in _ = execve(path, argv, envp) }
        }
        throw .failed("cannot run '\(path)': \(reason())")
    }

    /// Lends byte strings as the arrays that execve and posix_spawn take.
    static func withStrings<Result>(
        _ strings: [[UInt8]],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = strings.map { bytes in
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
            for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[bytes.count] = 0
            return copy
        }
        defer { for copy in copies { copy?.deallocate() } }
        return body(copies + [nil])
    }

    static func reason() -> String { String(cString: strerror(errno)) }

    private static func kind(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    private static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            let name = String(decoding: bytes, as: UTF8.self)
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
