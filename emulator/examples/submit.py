"""Makes a cluster, runs a job on two nodes of it, streams its log. Where, and as whom, stands in the environment."""

import os

from azure.ai.ml import MLClient, PyTorchDistribution, command
from azure.ai.ml.entities import AmlCompute, Environment
from azure.identity import DefaultAzureCredential

target = [os.environ[name] for name in ("AZURE_SUBSCRIPTION_ID", "AZURE_RESOURCE_GROUP", "AZUREML_WORKSPACE_NAME")]
ml = MLClient(DefaultAzureCredential(), *target)
cluster = AmlCompute(name="spot", size="Standard_DS2_v2", tier="low_priority", max_instances=2)
ml.compute.begin_create_or_update(cluster).result()
job = command(
    command="echo rank $RANK of $WORLD_SIZE",
    environment=Environment(image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"),
    compute=cluster.name,
    instance_count=2,
    distribution=PyTorchDistribution(process_count_per_instance=1),
)
job = ml.jobs.create_or_update(job)
ml.jobs.stream(job.name)
print(job.name, ml.jobs.get(job.name).status)
