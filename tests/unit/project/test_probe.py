from __future__ import annotations
import pytest
C=[
 ("p","connection: local","conection: local"),
 ("p","name: shop\n",""),
 ("p","schema_version: 99","schema_version: '99'"),
 ("p","id_types: [email, device]","id_types: email"),
 ("p","id_types: [email, device]","id_types: [email, devise]"),
 ("p",'regex: ".*@test"','regex: "("'),
 ("p",'regex: ".*@test"','regex: "a"\n        value: b'),
 ("p","model_folders: [models]","model_folders: [../x]"),
 ("p","model_folders: [models]","model_folders: [nope]"),
 ("p","- type: exclude","- type: exclud"),
 ("p","  - name: device","  - name: EMAIL"),
 ("p","  - name: device","  - name: email"),
 ("p","  - name: device","  - nme: device"),
 ("p","  - name: device","  - name: de-vice"),
 ("p","name: shop","name: shop\nname: shap"),
 ("p","name: shop","\tname: shop"),
 ("p","connection: local","at: x"),
 ("p","name: shop","name:"),
 ("p","name: shop","name: [a"),
 ("m","      table: db.s.orders","      tabel: db.s.orders"),
 ("m","          entity: user","          entity: usr"),
 ("m","          type: email","          type: emial"),
 ("m","model_type: id_stitcher","model_type: id_sticher"),
 ("m","    model_type: id_stitcher\n",""),
 ("m","      edge_sources:\n        - from: inputs/orders\n",""),
 ("m","        - from: inputs/orders","        - from: inputs/ordrs"),
 ("m","      entity_key: user\n      edge","      entity_key: usr\n      edge"),
 ("m","    entity_key: user\n    vars","    vars"),
 ("m","          select: sum(total)","          select: sum(total)\n          window: {partition_by: [a]}"),
 ("m","          select: sum(total)","          slect: sum(total)"),
 ("m","          select: sum(total)","          select: [a]"),
 ("m","      - entity_var:","      - entity_varr:"),
 ("m","          name: spend","          name: spend\n          is_feature: maybe"),
 ("m","      table: db.s.orders","      table: db.s.orders\n      view: x"),
 ("m","inputs:\n  -","inputs:\n  - name\n  -"),
 ("m","inputs:\n  - name: orders","inputs:\n  name: orders"),
 ("m","models:\n  - name: stitcher","models:\n  - stitcher\n  - name: stitcher"),
 ("m","model_spec:","model_spek:"),
 ("m","      entity_key: user\n      edge","      entity_key: user\n      max_iterations: 0\n      edge"),
 ("m","      entity_key: user\n      edge","      entity_key: user\n      materialization: {output_type: tabel}\n      edge"),
]
@pytest.mark.parametrize("c",C,ids=range(len(C)))
def test_p(folder,c):
    which,old,new=c
    (folder.project if which=="p" else folder.models)(old,new)
    try:
        p=folder.load(); print("\nOK",old[:40].strip(),'->',new.strip()[:60],[str(n) for n in p.notes])
    except Exception as e:
        print("\n",type(e).__name__,new.strip()[:60].replace("\n","|"),"\n   ",str(e).replace("\n","\n    "))
