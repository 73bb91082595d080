"""What a user of azure-ai-ml does in a day, against whatever Azure the environment leads to.

Knows Azure's own addresses only. Prints what it saw as one line of JSON, the last line of its output.
"""

import io
import json
import os
import sys
import time
import urllib.request
from contextlib import redirect_stdout
from pathlib import Path

from azure.ai.ml import Input, MLClient, Output, PyTorchDistribution, command
from azure.ai.ml.entities import AccountKeyConfiguration, AmlCompute, AzureBlobDatastore, Data, Environment, Job
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import ClientSecretCredential

CONTROL = os.environ["EMULATOR_CONTROL"]
SCRIPT = """
import os, pathlib, sys
print("RANK", os.environ["RANK"], "of", os.environ["WORLD_SIZE"], "read", pathlib.Path(sys.argv[1], "a.txt").read_text())
pathlib.Path(sys.argv[2], f"rank{os.environ['RANK']}.txt").write_text("done")
"""


def main() -> None:
    ml = MLClient(
        ClientSecretCredential(*(os.environ[f"AZURE_{name}"] for name in ("TENANT_ID", "CLIENT_ID", "CLIENT_SECRET"))),
        os.environ["AZURE_SUBSCRIPTION_ID"],
        os.environ["AZURE_RESOURCE_GROUP"],
        os.environ["AZUREML_WORKSPACE_NAME"],
    )
    Path("data").mkdir()
    Path("data/a.txt").write_text("hello")
    Path("src").mkdir()
    Path("src/train.py").write_text(SCRIPT)
    seen = {"workspace": ml.workspaces.get().discovery_url}
    seen |= infrastructure(ml)
    seen |= completed(ml)
    seen |= preempted(ml)
    seen |= canceled(ml)
    seen |= lists(ml)
    print(json.dumps(seen))


def infrastructure(ml: MLClient) -> dict:
    cluster = AmlCompute(name="pair", size="Standard_DS2_v2", tier="low_priority", max_instances=2)
    made = ml.compute.begin_create_or_update(cluster).result()
    key = AccountKeyConfiguration(account_key="c2VjcmV0")
    store = AzureBlobDatastore(name="mine", account_name="elsewhere", container_name="box", credentials=key)
    environment = Environment(name="tour", version="1", image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04")
    data = Data(name="greetings", version="1", path="data", type="uri_folder")
    return {
        "cluster": [made.provisioning_state, made.tier],
        "datastore": ml.datastores.create_or_update(store).account_name,
        "environment": ml.environments.create_or_update(environment).version,
        "data": ml.data.create_or_update(data).path.rsplit("/paths/", 1)[0].rsplit("/", 1)[-1],
    }


def submit(ml: MLClient, name: str, line: str) -> Job:
    job = command(
        name=name,
        experiment_name="tour",
        code="src",
        command=line,
        inputs={"data": Input(type="uri_folder", path="azureml:greetings:1")},
        outputs={"out": Output(type="uri_folder")},
        environment="tour:1",
        compute="pair",
        instance_count=2,
        distribution=PyTorchDistribution(process_count_per_instance=1),
    )
    return ml.jobs.create_or_update(job)


def completed(ml: MLClient) -> dict:
    job = submit(ml, "completes", "python train.py ${{inputs.data}} ${{outputs.out}}")
    log = streamed(ml, "completes")
    ml.jobs.download("completes", download_path="named", output_name="out")
    ml.jobs.download("completes", download_path="all", all=True)
    return {
        "submitted": job.status,
        "log": [line for line in log.splitlines() if line.startswith("RANK")],
        "outputs": files("named"),
        "logs": files("all"),
        "completed": ml.jobs.get("completes").status,
    }


def preempted(ml: MLClient) -> dict:
    submit(ml, "preempted", "sleep 300")
    reach(ml, "preempted", "Running")
    eviction = json.dumps({"job": "preempted", "node": 1, "face": "failed"}).encode()
    asked = urllib.request.Request(CONTROL, eviction, {"content-type": "application/json"})
    urllib.request.urlopen(asked).close()
    reach(ml, "preempted", "Failed")
    try:
        streamed(ml, "preempted")
        return {"preemption": None}
    except JobException as error:
        return {"preemption": "PreemptionError" in str(error)}


def canceled(ml: MLClient) -> dict:
    submit(ml, "canceled", "sleep 300")
    ml.jobs.begin_cancel("canceled")
    reach(ml, "canceled", "Canceled")
    return {"canceled": True}


def lists(ml: MLClient) -> dict:
    usage = {row.name["value"]: row for row in ml.compute.list_usage()}
    seen = {
        "jobs": sorted(job.name for job in ml.jobs.list()),
        "computes": [compute.name for compute in ml.compute.list()],
        "datastores": {"mine", "workspaceblobstore"} <= {store.name for store in ml.datastores.list()},
        "environments": [each.version for each in ml.environments.list(name="tour")],
        "versions": [each.version for each in ml.data.list(name="greetings")],
        "lowPriorityCores": usage["TotalLowPriorityCores"].limit > 0,
        "size": "Standard_DS2_v2" in [size.name for size in ml.compute.list_sizes()],
    }
    ml.compute.begin_delete("pair")
    while ml_has_cluster(ml):
        time.sleep(0.2)
    return seen | {"deleted": True}


def ml_has_cluster(ml: MLClient) -> bool:
    try:
        ml.compute.get("pair")
        return True
    except ResourceNotFoundError:
        return False


def streamed(ml: MLClient, name: str) -> str:
    text = io.StringIO()
    with redirect_stdout(text):
        ml.jobs.stream(name)
    return text.getvalue()


def reach(ml: MLClient, name: str, status: str) -> None:
    deadline = time.monotonic() + 60
    while ml.jobs.get(name).status != status:
        if time.monotonic() > deadline:
            sys.exit(f"{name} did not become {status}")
        time.sleep(0.2)


def files(folder: str) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())


main()
