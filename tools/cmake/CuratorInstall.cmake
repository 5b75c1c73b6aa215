# curator_pkgconfig (<template> <name>)
#
# Installs <name>.pc from the template, in which @PC_PREFIX@ is found from where the file itself is. So it stays
# right under `cmake --install --prefix`, under DESTDIR, and where the tree is moved.
function (curator_pkgconfig template name)
  cmake_path (ABSOLUTE_PATH CMAKE_INSTALL_LIBDIR BASE_DIRECTORY /prefix NORMALIZE OUTPUT_VARIABLE _libdir)
  file (RELATIVE_PATH _up "${_libdir}/pkgconfig" /prefix)
  set (PC_PREFIX "\${pcfiledir}/${_up}")
  string (REGEX REPLACE "/$" "" PC_PREFIX "${PC_PREFIX}")
  if (IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
    set (PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
  endif ()
  configure_file ("${template}" "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" @ONLY)
  install (FILES "${CMAKE_CURRENT_BINARY_DIR}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endfunction ()
