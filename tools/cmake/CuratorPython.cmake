# The interpreter that PyGObject is installed for, before others on the path; and what it needs to find the
# bindings in the build tree: CURATOR_PYTHON_ENV, as for the ENVIRONMENT of a test.
find_program (CURATOR_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program (CURATOR_PYTHON python3 REQUIRED)
set (CURATOR_PYTHON_DIR "${CMAKE_BINARY_DIR}/python")
set (CURATOR_PYTHON_ENV
     "PYTHONPATH=${CURATOR_PYTHON_DIR}" PYTHONDONTWRITEBYTECODE=1 "GI_TYPELIB_PATH=${CURATOR_GIR_DIR}"
     "LD_LIBRARY_PATH=${CMAKE_BINARY_DIR}/recipes:${CMAKE_BINARY_DIR}/tests/harness" G_DEBUG=fatal-warnings)
