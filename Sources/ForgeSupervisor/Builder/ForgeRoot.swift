// SPDX-License-Identifier: Apache-2.0

/// The file system of the platform's own image: every program that a platform on a cluster consists of, but forged.
enum ForgeRoot {
    /// The user that every part runs as on a cluster (`PodShape` of ForgePlatform).
    static let user = 10_001

    /// What the parts are, and what forged is linked to.
    static let packages = [
        "apache2-utils", "ca-certificates", "docker-registry", "libcurl4", "libhiredis0.14", "libnginx-mod-http-lua",
        "libstdc++6", "libyaml-0-2", "lua-cjson", "nginx", "redis-server", "redis-tools", "tzdata", "zlib1g",
    ]

    /// Everything that decides what is in it, with a number for the way it is made.
    static let recipe = (["1", AptSources.suite] + packages + Bootstrap.packageRules).joined(separator: " ")

    /// Makes it at `root`. The packages' postinst scripts start nothing: mmdebstrap forbids it.
    static func plan(root: String) -> Bootstrap.Plan {
        let user = """
            chroot "$1" groupadd --gid \(user) forge
            chroot "$1" useradd --uid \(user) --gid \(user) --no-create-home --home-dir /run/forge \
            --shell /usr/sbin/nologin forge
            \(Bootstrap.undatedPasswords)
            """
        return Bootstrap.Plan(packages: packages, hooks: [user], root: root)
    }
}
