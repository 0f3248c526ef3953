// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How a command says what it says; on every command.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Write JSON to stdout, and nothing else.")
    var json = false

    @Flag(name: .customLong("no-color"), help: "Write without colours.")
    var noColor = false
}

/// Which platform is meant; on every command that calls it.
struct PlatformOptions: ParsableArguments {
    @Option(
        name: .customLong("api-url"),
        help: ArgumentHelp("The API's address (default: FORGE_API_URL, else the configuration's).", valueName: "url")
    )
    var apiURL: String?
}

/// Which platform of this machine is meant; on commands that start and stop it.
struct StateOption: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            "The state folder (default: FORGE_STATE_DIR, else /var/lib/forge for root and ~/.local/state/forge for others).",
            valueName: "folder"
        )
    )
    var folder: String?
}

/// Which app is meant; on commands that read what runs.
struct AppOptions: ParsableArguments {
    @Argument(help: "The app (default: FORGE_APP, else the name in ./forge.yaml).")
    var app: String?

    @Option(name: [.customShort("a"), .customLong("app")], help: ArgumentHelp("The same.", valueName: "app"))
    var named: String?

    func validate() throws {
        if let app, let named, app != named {
            throw ValidationError("both '\(app)' and '\(named)' are named; name one app")
        }
    }
}

/// Which source is meant; on commands that read a folder.
struct SourceOptions: ParsableArguments {
    @Argument(help: "The folder with the source and forge.yaml.")
    var path = "."

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The manifest (default: forge.yaml in the folder).", valueName: "file")
    )
    var file: String?
}
