// SPDX-License-Identifier: Apache-2.0

import ForgeTesting
import Foundation
import Testing

extension EndToEndTests {
    /// What an operator sees and gets when someone changes the cluster past the platform.
    @Suite(.serialized) struct DriftTests {
        @Test func `what is removed by hand is told and kept away, until the next deploy or the loop sets it back`()
            async throws
        {
            let app = try SampleApp.web("drift: report\n")
            let deploy = try await app.deploy()
            #expect(deploy.status == 0, deploy.all)
            let clean = try await ForgeCLI.run("drift", app.name, "--detailed-exitcode")
            #expect(clean.status == 0 && clean.stdout.contains("no drift"), clean.all)

            // Reported: told, and nothing comes back however often the loop looks.
            try await Hand.removeWeb(of: app.name)
            try await eventually("the drift is seen") {
                try await ForgeCLI.run("drift", app.name, "--detailed-exitcode").status == 2
            }
            let looked = try await ForgeCLI.run("reconcile", "--app", app.name)
            #expect(looked.status == 0 && looked.stdout.contains("is only reported"), looked.all)
            let told = try await ForgeCLI.run("drift", app.name)
            #expect(told.status == 0 && told.stdout.contains("instances") && told.stdout.contains("is kept"), told.all)
            let fleet = try await ForgeCLI.run("reconcile", "--dry-run", "--detailed-exitcode")
            #expect(fleet.status == 2 && fleet.stdout.contains("\(app.name) "), fleet.all)
            #expect(try await app.page().stdout.contains("503"))

            // The next deploy sets it back.
            let plan = try await app.plan()
            #expect(plan.stdout.contains("Changed outside forge") && plan.stdout.contains("sets it back"), plan.all)
            let again = try await app.deploy()
            #expect(again.status == 0, again.all)
            #expect(try await app.page().stdout.contains("200 OK"))

            // Repaired: the loop does it by itself.
            let manifest = try String(contentsOf: app.folder.appending(path: "forge.yaml"), encoding: .utf8)
            try app.write("forge.yaml", manifest.replacing("drift: report", with: "drift: repair"))
            let policy = try await app.deploy()
            #expect(policy.status == 0 && policy.stderr.contains("drift: repair from now on"), policy.all)
            try await Hand.removeWeb(of: app.name)
            let repaired = try await ForgeCLI.run("reconcile", "--app", app.name)
            #expect(repaired.status == 0, repaired.all)
            try await eventually("the app answers again") { try await app.page().stdout.contains("200 OK") }
            let settled = try await ForgeCLI.run("reconcile", "--dry-run", "-a", app.name, "--detailed-exitcode")
            #expect(settled.status == 0 && settled.stdout.contains("No changes"), settled.all)
            #expect(try await app.destroy().status == 0)
        }
    }
}
