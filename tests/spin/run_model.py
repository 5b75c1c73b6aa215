# SPDX-License-Identifier: Apache-2.0
"""Has Spin verify a model, or find what a guard that is switched off lets through.

Usage: run_model.py FOLDER MODEL ok|error|live [DEFINE...]

ok:    no assertion fails and nobody is stuck, in any state
live:  the model's formula holds in every fair run
error: there is a violation
"""

import pathlib
import re
import shutil
import subprocess
import sys

# Far more than the models need; a search that is cut off is a failure.
MAX_DEPTH = 100000


def run(command, folder):
    result = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode != 0 or "Error:" in result.stdout:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{result.stdout}")
    return result.stdout


def verify(folder, model, live, defines):
    """What the verifier says."""
    text = model.read_text(encoding="utf-8")
    if not live:
        text = re.sub(r"^ltl .*\n", "", text, flags=re.MULTILINE)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / model.name).write_text(text, encoding="utf-8")
    run(["spin", "-a", *(f"-D{define}" for define in defines), model.name], folder)
    # To optimise takes longer than what it saves.
    run(["cc", "-O0", "-w", *(["-DNFAIR=5"] if live else ["-DSAFETY"]), "-o", "pan", "pan.c"], folder)
    return run(["./pan", *(["-a", "-f"] if live else []), f"-m{MAX_DEPTH}", "-w22"], folder)


def judge(output, expected):
    """What is wrong with it, or None."""
    errors = re.search(r"errors: (\d+)", output)
    if errors is None:
        return "the verifier did not finish"
    if re.search(r"max search depth too small|out of memory|hash table full|aborting", output):
        return "the search was cut off"
    if "n_nodes<" in output:
        return "the model's bounds are too small"
    if expected == "error":
        return None if int(errors[1]) > 0 else "the guard is off and nobody notices"
    if int(errors[1]) > 0:
        return "there is a violation"
    if "Search not completed" in output:
        return "the search is not complete"
    return None


def main(folder, model, expected, *defines):
    folder = pathlib.Path(folder)
    model = pathlib.Path(model)
    output = verify(folder, model, expected == "live", defines)
    print(output)
    problem = judge(output, expected)
    if problem is None:
        return 0
    trail = folder / f"{model.name}.trail"
    if trail.exists():
        replay = ["spin", "-t", "-p", "-g", *(f"-D{define}" for define in defines), model.name]
        subprocess.run(replay, cwd=folder, check=False)
    print(f"{model.name} {' '.join(defines)}: {problem}")
    return 1


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[3] not in ("ok", "error", "live"):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
