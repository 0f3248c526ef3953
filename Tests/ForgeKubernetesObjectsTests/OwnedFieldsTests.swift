// SPDX-License-Identifier: Apache-2.0

import ForgeJSON
import ForgeModel
import Testing

@testable import ForgeKubernetesObjects

@Suite struct OwnedFieldsTests {
    private func live(_ text: String) throws -> OwnedFields {
        OwnedFields(of: try JSONValue(parsing: Array(text.utf8)))
    }

    private func deployment(_ container: String, ours: String, others: String = "") -> String {
        """
        {"kind":"Deployment","metadata":{"name":"shop-web","managedFields":[
          {"manager":"forge","operation":"Apply","time":"2026-11-24T10:00:00Z","fieldsV1":\(ours)}\(others)]},
         "spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"proxy","image":"p:1"},\(container)]}}},
         "status":{"replicas":2}}
        """
    }

    private let container =
        #"{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:name":{},"f:image":{},"f:resources":{}}}}}}}"#

    @Test func `only owned paths are seen, in one spelling`() throws {
        let text = deployment(
            #"{"name":"web","image":"i:1","imagePullPolicy":"Always","resources":{"limits":{"cpu":"1000m","memory":"1024Mi"}}}"#,
            ours: container
        )
        let fields = try live(text).fields
        let resources: FieldValue = .map(["limits": .map(["cpu": .text("1"), "memory": .text("1Gi")])])
        let web: FieldValue = .map(["name": .text("web"), "image": .text("i:1"), "resources": resources])
        let spec: FieldValue = .map(["template": .map(["spec": .map(["containers": .list([web])])])])
        #expect(fields == .map(["spec": spec]))
    }

    @Test func `a field that someone took is told with who, when and what`() throws {
        let ours =
            #"{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:name":{}}}}}}}"#
        let others =
            #",{"manager":"kubectl-set","operation":"Update","time":"2026-11-24T10:05:00Z","fieldsV1":{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{"f:image":{}}}}}}}},{"manager":"kube-controller-manager","operation":"Update","subresource":"status","fieldsV1":{"f:status":{"f:replicas":{}},"f:spec":{"f:replicas":{}}}}"#
        let owned = try live(deployment(#"{"name":"web","image":"evil:1"}"#, ours: ours, others: others))
        let owner = FieldOwner(manager: "kubectl-set", since: Timestamp(number: 1_795_514_700_000), value: "evil:1")
        #expect(owned.owners == ["image": owner])
    }

    @Test func `an object that we never applied has nothing of ours`() throws {
        let owned = try live(#"{"kind":"Service","metadata":{"name":"x"},"spec":{"ports":[{"port":80}]}}"#)
        #expect(owned.fields == .map([:]))
        #expect(owned.owners.isEmpty)
    }

    @Test(arguments: [
        (#"{"f:data":{"f:a":{}}}"#, #"{"data":{"a":"1","b":"2"}}"#, #"{"data":{"a":"1"}}"#),
        (#"{"f:data":{".":{},"f:gone":{}}}"#, #"{"data":{"b":"2"}}"#, "{}"),
        (#"{"f:spec":{"f:list":{}}}"#, #"{"spec":{"list":["x",1,true,null]}}"#, #"{"spec":{"list":["x","1","true"]}}"#),
        (#"{"f:spec":{"f:set":{"v:\"a\"":{}}}}"#, #"{"spec":{"set":["b","a"]}}"#, #"{"spec":{"set":["a"]}}"#),
        (
            #"{"f:spec":{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{}}}}}"#,
            #"{"spec":{"ports":[{"port":81},{"port":80,"nodePort":31000}]}}"#, #"{"spec":{"ports":[{"port":"80"}]}}"#
        ),
        (
            #"{"f:spec":{"f:env":{"k:{\"name\":\"A\"}":{".":{},"f:name":{},"f:value":{}}}}}"#,
            #"{"spec":{"env":[{"name":"A"}]}}"#, #"{"spec":{"env":[{"name":"A","value":""}]}}"#
        ),
        (#"{"k:nonsense":{},"f:spec":{"i:0":{}}}"#, #"{"spec":["x"]}"#, "{}"),
    ])
    func `paths lead to what they name`(_ paths: String, _ object: String, _ wanted: String) throws {
        var fields = try JSONValue(parsing: Array(object.utf8)).object ?? [:]
        let set = try JSONValue(parsing: Array(paths.utf8))
        fields["metadata"] = ["managedFields": [["manager": "forge", "operation": "Apply", "fieldsV1": set]]]
        let owned = OwnedFields(of: .object(fields))
        #expect(String(decoding: owned.packed, as: UTF8.self) == wanted)
        #expect(try OwnedFields.fields(packed: owned.packed) == owned.fields)
    }
}
