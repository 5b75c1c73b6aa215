# Warnings, sanitizers, fuzzing and coverage for every target of the project.
set (_warnings -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Wshadow=local
     -Wpointer-arith -Wundef -Wformat=2 -Wvla)
set (_c_warnings -Wstrict-prototypes -Wmissing-prototypes -Wdeclaration-after-statement)
if (CMAKE_C_COMPILER_ID MATCHES Clang)
  list (REMOVE_ITEM _warnings -Wshadow=local)
  # Unlike gcc it takes a g_autoptr that is there for its end only as unused.
  list (APPEND _warnings -Wshadow -Wno-cast-function-type -Wno-unused-variable)
endif ()
list (REMOVE_ITEM _c_warnings -Wdeclaration-after-statement)
if (CURATOR_WERROR)
  list (APPEND _warnings -Werror)
endif ()
add_compile_options (${_warnings} "$<$<COMPILE_LANGUAGE:C>:${_c_warnings}>")
add_compile_definitions (G_LOG_USE_STRUCTURED GLIB_VERSION_MIN_REQUIRED=GLIB_VERSION_2_74
                         GLIB_VERSION_MAX_ALLOWED=GLIB_VERSION_2_74)

if (CURATOR_SANITIZE)
  add_compile_options (-fsanitize=${CURATOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options (-fsanitize=${CURATOR_SANITIZE})
endif ()
if (CURATOR_FUZZ)
  add_compile_options (-fsanitize=fuzzer-no-link)
endif ()
if (CURATOR_COVERAGE)
  add_compile_options (--coverage)
  add_link_options (--coverage)
endif ()
