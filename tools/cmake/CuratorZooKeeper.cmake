# The single-threaded ZooKeeper C client, as a private static library whose
# libc calls go to framework/transport/curator-libc.c instead of libc.
#
# The archive of Debian's libzookeeper-st-dev is copied and its *undefined*
# symbols are renamed. Unlike the linker's --wrap this touches only the C
# client's own calls, never ours, and works the same in the shared library and
# in the static twin that the tests link. Its counter of request numbers, one for the whole process and unlocked, is
# weakened so that ours takes its place.
find_library (ZOOKEEPER_ST_ARCHIVE NAMES libzookeeper_st.a REQUIRED)
find_path (ZOOKEEPER_INCLUDE_DIR NAMES zookeeper/zookeeper.h REQUIRED)

set (_redirected socket setsockopt getsockopt fcntl connect close getpeername poll send recv
     clock_gettime gettimeofday time getaddrinfo freeaddrinfo random srandom srand48 drand48)
set (_redefine "")
foreach (_symbol ${_redirected})
  string (APPEND _redefine "${_symbol} curator_libc_${_symbol}\n")
endforeach ()
set (_symbols "${CMAKE_BINARY_DIR}/zookeeper-st.symbols")
file (CONFIGURE OUTPUT "${_symbols}" CONTENT "${_redefine}")

set (_archive "${CMAKE_BINARY_DIR}/libzookeeper_st_curator.a")
add_custom_command (OUTPUT "${_archive}"
                    COMMAND "${CMAKE_OBJCOPY}" --weaken-symbol=get_xid "--redefine-syms=${_symbols}" "${ZOOKEEPER_ST_ARCHIVE}" "${_archive}"
                    DEPENDS "${ZOOKEEPER_ST_ARCHIVE}" "${_symbols}" VERBATIM)
add_custom_target (zookeeper-st-archive DEPENDS "${_archive}")

add_library (zookeeper-st INTERFACE)
add_dependencies (zookeeper-st zookeeper-st-archive)
target_link_libraries (zookeeper-st INTERFACE "${_archive}")
target_include_directories (zookeeper-st SYSTEM INTERFACE "${ZOOKEEPER_INCLUDE_DIR}/zookeeper")
