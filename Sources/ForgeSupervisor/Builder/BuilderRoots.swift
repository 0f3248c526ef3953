// SPDX-License-Identifier: Apache-2.0

/// The file systems of the run image and of the builder, made in one run: the smaller one is copied away when its
/// packages are installed, before those that only builds need are added.
enum BuilderRoots {
    /// Everything that decides what is in them, with a number for the way they are made.
    static let recipe = (["1", AptSources.suite] + runPackages + ["+"] + buildPackages + Bootstrap.packageRules).joined(
        separator: " "
    )

    /// What apps run on.
    static let runPackages = ["bash", "ca-certificates", "libcurl4", "python3", "tzdata", "zlib1g"]
    /// What builds need besides.
    static let buildPackages = [
        "g++", "gcc", "libc6-dev", "make", "pkg-config", "python3-dev", "python3-pip", "python3-venv",
    ]

    /// Makes both, the copy at `run`.
    static func plan(run: String, build: String) -> Bootstrap.Plan {
        let users = """
            chroot "$1" groupadd --gid \(BuilderRecipe.group) cnb
            chroot "$1" useradd --uid \(BuilderRecipe.buildUser) --gid \(BuilderRecipe.group) --create-home \
            --shell /bin/bash cnb
            chroot "$1" useradd --uid \(BuilderRecipe.runUser) --gid \(BuilderRecipe.group) --no-create-home \
            --home-dir /workspace --shell /bin/bash app
            \(Bootstrap.undatedPasswords)
            """
        let install = """
            APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --yes --no-install-recommends \
            -oDPkg::Chroot-Directory="$1" install \(buildPackages.joined(separator: " "))
            """
        return Bootstrap.Plan(
            packages: runPackages,
            hooks: [users, "cp --archive --one-file-system \"$1\" '\(run)'", install],
            root: build
        )
    }
}
