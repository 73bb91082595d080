"""Makes emulator/versions/members.json: which members each model of Azure ML has, by api-version.

The source are the models inside the official Python client, one package per api-version:

    pip download --no-deps azure-ai-ml==1.2.0 azure-ai-ml==1.31.0 azure-ai-ml==1.35.2   # 1.2.0 alone knows 2022-06-01-preview
    python test/emulator/versions/members.py azure_ai_ml-*.whl > emulator/versions/members.json

The newest wheel wins where two hold the same version. Read are names of members and their types, by the syntax tree: nothing of
the wheels is run or kept.
"""

import ast
import json
import re
import sys
import zipfile

# What the emulator serves, and so where the walk through the models begins.
ROOTS = [
    "JobBase", "JobBaseData", "ComputeResource", "ClusterUpdateParameters", "Datastore", "DatastoreData", "DatastoreSecrets",
    "CodeVersion", "CodeVersionData", "CodeContainer", "CodeContainerData", "EnvironmentVersion", "EnvironmentVersionData",
    "EnvironmentContainer", "EnvironmentContainerData", "DataVersionBase", "DataVersionBaseData", "DataContainer", "DataContainerData",
    "ModelVersion", "ModelVersionData", "ModelContainer", "ModelContainerData", "Workspace", "WorkspaceUpdateParameters",
    "PendingUploadRequestDto", "PendingUploadResponseDto", "SecretExpiry", "AmlComputeNodesInformation",
]  # fmt: skip
# Early api-versions call the same thing by a longer name.
RENAMED = re.compile(r"^(JobBase|Datastore|(?:Code|Environment|Model|Data)(?:VersionBase|Version|Container))Data$")
# Kinds that are answered 501: their models would be half of the table.
LEFT_OUT = {
    "AutoMLJob", "SweepJob", "PipelineJob", "SparkJob", "LabelingJob", "FineTuningJob", "DistillationJob", "AKS", "Databricks", "DataFactory",
    "DataLakeAnalytics", "HDInsight", "Kubernetes", "SynapseSpark", "VirtualMachine",
}  # fmt: skip


def main(wheels):
    versions = {}
    for wheel in sorted(wheels, key=lambda name: [int(part) for part in re.findall(r"\d+", name)[:3]]):
        versions.update(read_wheel(wheel))
    names = sorted(versions)
    print(dump({"versions": names, "models": table(names, versions)}))


def read_wheel(path):
    found = {}
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            old = re.search(r"_restclient/v(\d{4})_(\d\d)_(\d\d)(_preview)?/models/_models_py3\.py$", name)
            new = name.endswith("_restclient/arm_ml_service/models/_models.py")
            if not (old or new):
                continue
            classes = {node.name: node for node in ast.parse(wheel.read(name)).body if isinstance(node, ast.ClassDef)}
            version = "-".join(old.groups()[:3]) + ("-preview" if old.group(4) else "") if old else hybrid_version(wheel)
            models = {name: (read_old if old else read_new)(node, classes) for name, node in classes.items()}
            found[version] = reachable(nested(renamed(models)))
    return found


def hybrid_version(wheel):
    text = wheel.read("azure/ai/ml/_restclient/arm_ml_service/_configuration.py").decode()
    return re.search(r'"api_version", "([^"]+)"', text).group(1)


def read_old(node, classes):
    """A msrest model: members in `_attribute_map`, kinds in `_subtype_map`."""
    model = {"members": {}}
    for statement in node.body:
        if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
            continue
        if statement.targets[0].id == "_attribute_map":
            model["attributes"] = ast.literal_eval(statement.value)
        if statement.targets[0].id == "_subtype_map":
            model["subtypes"] = ast.literal_eval(statement.value)
    attributes = model.pop("attributes", {})
    for value in attributes.values():
        target = model["members"]
        target[value["key"].replace("\\\\.", ".")] = model_in(value["type"], classes)
    for attribute, kinds in model.pop("subtypes", {}).items():
        model["by"] = attributes[attribute]["key"]
        model["kinds"] = kinds
    return model


def read_new(node, classes):
    """A model of `rest_field`s; members of the bases count too, kinds are the classes that name this one as their base."""
    model = {"members": {}}
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in classes:
            model["members"].update(read_new(classes[base.id], classes)["members"])
    for statement in node.body:
        if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.value, ast.Call)):
            continue
        field = getattr(statement.value.func, "id", "")
        if field not in ("rest_field", "rest_discriminator"):
            continue
        given = {keyword.arg: keyword.value for keyword in statement.value.keywords}
        name = ast.literal_eval(given["name"]) if "name" in given else statement.target.id
        model["members"][name] = model_in(ast.unparse(statement.annotation), classes)
        if field == "rest_discriminator" and ast.unparse(statement.annotation) == "str":
            model["by"] = name
    if "by" in model:
        model["kinds"] = dict(kinds_of(node.name, classes))
    return model


def kinds_of(base, classes):
    for node in classes.values():
        if any(isinstance(each, ast.Name) and each.id == base for each in node.bases):
            for keyword in node.keywords:
                if keyword.arg == "discriminator":
                    yield ast.literal_eval(keyword.value), node.name
            yield from kinds_of(node.name, classes)


def model_in(text, classes):
    """`'{JobInput}'` is `'JobInput*'`, a map or list of the model; a plain value is the empty text."""
    names = [name for name in re.findall(r"\w+", text) if name in classes]
    if not names:
        return ""
    return names[-1] + ("*" if re.search(r"[\[{]", text.replace("Optional[", "", 1).replace("Union[", "", 1)) else "")


def renamed(models):
    short = lambda name: RENAMED.sub(r"\1", name)
    return {
        short(name): {
            **model,
            "members": {member: short(kind.rstrip("*")) + "*" * kind.endswith("*") for member, kind in model["members"].items()},
        }
        for name, model in models.items()
    }


def nested(models):
    """Members that the client flattened, `properties.x`, get their own model back: `WorkspaceProperties` with `x`."""
    result = {}
    waiting = list(models.items())
    for name, model in waiting:
        members = {}
        for member, kind in model["members"].items():
            outer, dot, inner = member.partition(".")
            if not dot:
                members[member] = kind
                continue
            target = name + outer[0].upper() + outer[1:]
            members[outer] = target
            if target not in result:
                result[target] = {"members": {}}
                waiting.append((target, result[target]))
            result[target]["members"][inner] = kind
        result[name] = {**model, "members": members}
    return result


def reachable(models):
    seen, waiting = {}, [name for name in ROOTS if name in models]
    while waiting:
        name = waiting.pop()
        if name in seen or name in LEFT_OUT or name not in models:
            continue
        seen[name] = model = models[name]
        waiting += [kind.rstrip("*") for kind in model["members"].values() if kind] + list(model.get("kinds", {}).values())
    return seen


def table(names, versions):
    """
    Per model and member a list of [first version, last version, model of its value], as indexes into the versions. A version whose
    package lacks the model altogether (some hold computes only) continues the one before.
    """
    result, latest = {}, {}
    for index, version in enumerate(names):
        for name, model in versions[version].items():
            before, latest[name] = latest.get(name), index
            entry = result.setdefault(name, {"members": {}})
            if "by" in model:
                entry["by"] = model["by"]
                entry["kinds"] = {**entry.get("kinds", {}), **{k: v for k, v in model["kinds"].items() if v not in LEFT_OUT}}
            for member, kind in model["members"].items():
                spans = entry["members"].setdefault(member, [])
                if spans and spans[-1][2] == kind and spans[-1][1] == before:
                    spans[-1][1] = index
                else:
                    spans.append([index, index, kind])
    return result


def dump(document):
    """JSON with a line per member, so that a change of the table can be read."""
    lines = ['{', f'  "versions": {json.dumps(document["versions"])},', '  "models": {']
    for name, model in sorted(document["models"].items()):
        lines.append(f'    {json.dumps(name)}: {{')
        if "by" in model:
            lines += [f'      "by": {json.dumps(model["by"])},', f'      "kinds": {json.dumps(model["kinds"])},']
        members = [f'        {json.dumps(member)}: {json.dumps(spans)}' for member, spans in model["members"].items()]
        lines += ['      "members": {', ',\n'.join(members), '      }', '    },']
    lines[-1] = '    }'
    return '\n'.join([*lines, '  }', '}'])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Usage: members.py azure_ai_ml-VERSION.whl ...")
    main(sys.argv[1:])
