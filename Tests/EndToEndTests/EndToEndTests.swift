// SPDX-License-Identifier: Apache-2.0

import Testing

/// Everything that drives the real platform, one test after another: tests end parts of it.
@Suite(.serialized, .enabled(if: ForgeCLI.binaries != nil, "needs a platform: bash Tests/run.sh starts one"))
struct EndToEndTests {}
