# GObject introspection and Vala bindings.
#
# curator_introspection (NAMESPACE <name> VERSION <version> TARGET <shared library>
#                        IDENTIFIER_PREFIX <prefix> SYMBOL_PREFIX <prefix>
#                        PACKAGE <pkg-config name> C_INCLUDE <header as users include it>
#                        HEADERS <file>... SOURCES <file>...
#                        [INCLUDES <namespace>-<version>...] [LINK <library>...])
#
# Scans the files, warnings being errors, and installs <name>-<version>.gir, its typelib and, with CURATOR_VALA,
# the .vapi and .deps of the package. In the build tree all of them are in CURATOR_GIR_DIR.
set (CURATOR_GIR_DIR "${CMAKE_BINARY_DIR}/gir")
set (CURATOR_INSTALL_GIRDIR "${CMAKE_INSTALL_DATADIR}/gir-1.0")
set (CURATOR_INSTALL_TYPELIBDIR "${CMAKE_INSTALL_LIBDIR}/girepository-1.0")
set (CURATOR_INSTALL_VAPIDIR "${CMAKE_INSTALL_DATADIR}/vala/vapi")

include (CMakeDependentOption)
cmake_dependent_option (CURATOR_VALA "Build the Vala bindings" ON CURATOR_INTROSPECTION OFF)

if (CURATOR_INTROSPECTION)
  if (CURATOR_SANITIZE)
    message (FATAL_ERROR "The scanner cannot load a library with sanitizers: set CURATOR_INTROSPECTION=OFF")
  endif ()
  find_program (G_IR_SCANNER g-ir-scanner REQUIRED)
  find_program (G_IR_COMPILER g-ir-compiler REQUIRED)
  file (MAKE_DIRECTORY "${CURATOR_GIR_DIR}")
endif ()
if (CURATOR_VALA)
  find_program (VAPIGEN vapigen REQUIRED)
  find_program (VALAC valac REQUIRED)
endif ()

# The pkg-config packages of the GIRs that are included.
function (_curator_packages_of result)
  set (_Gio-2.0 gio-2.0)
  set (_GObject-2.0 gobject-2.0)
  set (_GLib-2.0 glib-2.0)
  set (_packages "")
  foreach (_include ${ARGN})
    if (NOT DEFINED "_${_include}")
      message (FATAL_ERROR "No package is known for ${_include}")
    endif ()
    list (APPEND _packages "${_${_include}}")
  endforeach ()
  set (${result} "${_packages}" PARENT_SCOPE)
endfunction ()

function (_curator_vapi name package girs)
  _curator_packages_of (_packages ${ARGN})
  set (_vapi "${CURATOR_GIR_DIR}/${package}.vapi")
  set (_deps "${CURATOR_GIR_DIR}/${package}.deps")
  list (JOIN _packages "\n" _lines)
  file (CONFIGURE OUTPUT "${_deps}" CONTENT "${_lines}\n")
  list (TRANSFORM _packages PREPEND "--pkg=")
  # Before its first release the package has a smaller version than the symbols' "Since:", and valac would refuse
  # them.
  set (_since "")
  if (PROJECT_VERSION VERSION_LESS CURATOR_API)
    set (_since COMMAND sed -i -e "/^\\s*\\[Version (since = \"[0-9.]*\")\\]$/d" -e "s/, since = \"[0-9.]*\"//"
                "${_vapi}")
  endif ()
  add_custom_command (
    OUTPUT "${_vapi}"
    COMMAND "${VAPIGEN}" --quiet --library "${package}" --directory "${CURATOR_GIR_DIR}" ${_packages}
            "${girs}"
    ${_since}
    DEPENDS "${girs}" COMMENT "Vala bindings of ${name}" VERBATIM)
  set_property (DIRECTORY APPEND PROPERTY ADDITIONAL_CLEAN_FILES "${_vapi}")
  install (FILES "${_vapi}" "${_deps}" DESTINATION "${CURATOR_INSTALL_VAPIDIR}")
endfunction ()

function (curator_introspection)
  set (_one NAMESPACE VERSION TARGET IDENTIFIER_PREFIX SYMBOL_PREFIX PACKAGE C_INCLUDE)
  cmake_parse_arguments (PARSE_ARGV 0 arg "" "${_one}" "HEADERS;SOURCES;INCLUDES;LINK")
  set (_name "${arg_NAMESPACE}-${arg_VERSION}")
  set (_gir "${CURATOR_GIR_DIR}/${_name}.gir")
  set (_typelib "${CURATOR_GIR_DIR}/${_name}.typelib")
  _curator_packages_of (_packages ${arg_INCLUDES})

  set (_scan --quiet --no-libtool --warn-all --warn-error
             --namespace=${arg_NAMESPACE} --nsversion=${arg_VERSION}
             --identifier-prefix=${arg_IDENTIFIER_PREFIX} --symbol-prefix=${arg_SYMBOL_PREFIX}
             --pkg-export=${arg_PACKAGE} --c-include=${arg_C_INCLUDE}
             --library=$<TARGET_PROPERTY:${arg_TARGET},OUTPUT_NAME>
             --library-path=$<TARGET_FILE_DIR:${arg_TARGET}>)
  foreach (_include ${arg_INCLUDES})
    list (APPEND _scan --include=${_include})
  endforeach ()
  foreach (_package ${_packages})
    list (APPEND _scan --pkg=${_package})
  endforeach ()
  foreach (_library ${arg_LINK})
    list (APPEND _scan --extra-library=${_library})
  endforeach ()
  # The names of so many files do not belong on a command line.
  list (JOIN arg_HEADERS "\n" _headers)
  list (JOIN arg_SOURCES "\n" _sources)
  set (_files "${CURATOR_GIR_DIR}/${_name}.files")
  file (CONFIGURE OUTPUT "${_files}" CONTENT "${_headers}\n${_sources}\n")

  add_custom_command (
    OUTPUT "${_gir}"
    COMMAND "${CMAKE_COMMAND}" -E env "CC=${CMAKE_C_COMPILER}" CFLAGS= LDFLAGS=
            "${G_IR_SCANNER}" ${_scan} "--filelist=${_files}" "--output=${_gir}"
            --cflags-begin "-I$<JOIN:$<TARGET_PROPERTY:${arg_TARGET},INCLUDE_DIRECTORIES>,;-I>"
            "$<$<BOOL:${CURATOR_COVERAGE}>:--coverage>" --cflags-end
    DEPENDS ${arg_TARGET} ${arg_HEADERS} ${arg_SOURCES} "${_files}"
    COMMENT "Introspection data of ${_name}" COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_command (
    OUTPUT "${_typelib}"
    COMMAND "${G_IR_COMPILER}" "--includedir=${CURATOR_GIR_DIR}" "--output=${_typelib}" "${_gir}"
    DEPENDS "${_gir}" COMMENT "Typelib of ${_name}" VERBATIM)
  set (_outputs "${_gir}" "${_typelib}")

  install (FILES "${_gir}" DESTINATION "${CURATOR_INSTALL_GIRDIR}")
  install (FILES "${_typelib}" DESTINATION "${CURATOR_INSTALL_TYPELIBDIR}")
  if (CURATOR_VALA)
    _curator_vapi ("${_name}" "${arg_PACKAGE}" "${_gir}" ${arg_INCLUDES})
    list (APPEND _outputs "${CURATOR_GIR_DIR}/${arg_PACKAGE}.vapi")
  endif ()
  add_custom_target (${arg_TARGET}-introspection ALL DEPENDS ${_outputs})
endfunction ()
