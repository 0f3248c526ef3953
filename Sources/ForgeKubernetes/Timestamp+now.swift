// SPDX-License-Identifier: Apache-2.0

import ForgeModel
import Glibc

extension Timestamp {
    /// This moment, by the platform's own clock.
    static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(number: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }
}
