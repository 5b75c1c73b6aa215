# curator_library_files (CLASSES foo ... PARTS foo-more ... PRIVATE bar ... HEADERS baz ...)
#
# Adds files of the current folder to the library: CLASSES are public pairs <name>.c and <name>.h, PARTS further
# sources of public functions, PRIVATE sources without any, HEADERS public headers without a source.
function (curator_library_files)
  cmake_parse_arguments (arg "" "" "CLASSES;PARTS;PRIVATE;HEADERS" ${ARGN})
  foreach (_name ${arg_CLASSES} ${arg_PARTS})
    set_property (GLOBAL APPEND PROPERTY CURATOR_PUBLIC_SOURCES "${CMAKE_CURRENT_SOURCE_DIR}/${_name}.c")
  endforeach ()
  foreach (_name ${arg_CLASSES} ${arg_PARTS} ${arg_PRIVATE})
    target_sources (curator-objects PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/${_name}.c")
  endforeach ()
  foreach (_name ${arg_CLASSES} ${arg_HEADERS})
    set_property (GLOBAL APPEND PROPERTY CURATOR_PUBLIC_HEADERS "${CMAKE_CURRENT_SOURCE_DIR}/${_name}.h")
  endforeach ()
  target_include_directories (curator-objects PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
endfunction ()
