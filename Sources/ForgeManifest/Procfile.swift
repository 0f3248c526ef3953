// SPDX-License-Identifier: Apache-2.0

import ForgeModel

/// The process types of a Procfile, in the order of their first line. Commands stay in the image: its buildpack
/// reads the same file, and the platform starts `/cnb/process/<type>`.
struct Procfile {
    var types: [ProcessType] = []
}
