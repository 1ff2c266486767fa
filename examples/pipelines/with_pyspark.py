"""Activations in Spark: python examples/pipelines/with_pyspark.py"""

import pandas as pd
import pyarrow as pa
import pyspark.sql.functions as sf
from pyspark.sql import SparkSession

import gelu_fast
import gelu_fast.arrow

spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
rows = [(1, -1.0, 1.0), (2, None, 2.0), (3, 2.0, 3.0)]
frame = spark.createDataFrame(rows, "id int, gate double, up double").repartition(2)


# A column: Spark hands series of pandas to Python, through Arrow, in its workers. A null is NaN
# there, and NaN is a null in the result.
@sf.pandas_udf("double")
def relu(x: pd.Series) -> pd.Series:
    return gelu_fast.relu(x)


@sf.pandas_udf("double")
def reglu(gate: pd.Series, up: pd.Series) -> pd.Series:
    return gelu_fast.reglu(gate, up)


found = frame.select("id", relu("gate").alias("relu"), reglu("gate", "up").alias("gated"))
print([tuple(row) for row in found.sort("id").collect()])
# prints [(1, 0.0, 0.0), (2, None, None), (3, 2.0, 6.0)]


# Whole batches of Arrow, without pandas and without a copy of the nulls.
def with_relu(batches):
    for batch in batches:
        yield gelu_fast.arrow.apply("relu", pa.record_batch(batch), columns=["gate"])


found = frame.mapInArrow(with_relu, frame.schema)
print([tuple(row) for row in found.sort("id").collect()])
# prints [(1, 0.0, 1.0), (2, None, 2.0), (3, 2.0, 3.0)]

# In SQL.
spark.udf.register("relu", relu)
frame.createOrReplaceTempView("hidden")
print([row[0] for row in spark.sql("SELECT relu(gate) FROM hidden ORDER BY id").collect()])
# prints [0.0, None, 2.0]
spark.stop()
