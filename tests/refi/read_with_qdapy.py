"""Run by the environment that has qdapy: prints the coded segments of a project as JSON.

It is not part of the product and nothing of it is imported there: a program of another licence
that reads what the product writes.
"""

import json
import sys

import qdapy

project = qdapy.read_qdpx(sys.argv[1], warn=False)
print(json.dumps(project.fragments.to_dict("records"), default=str, ensure_ascii=False))
