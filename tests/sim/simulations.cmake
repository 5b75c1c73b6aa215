add_executable (test-sim-choices test-sim-choices.cc sim-exhaust.cc sim-shrink.cc)
target_link_libraries (test-sim-choices PRIVATE curator-sim GTest::gmock GTest::gtest_main)
add_test (NAME test-sim-choices COMMAND test-sim-choices)
set_tests_properties (test-sim-choices PROPERTIES LABELS unit TIMEOUT 60)

# What is simulated in the tests; more is `cmake --build <build folder> --target nightly`.
if (CURATOR_SANITIZE OR CURATOR_COVERAGE)
  set (_runs 1000)
  set (_deviations 1)
else ()
  set (_runs 20000)
  set (_deviations 2)
endif ()

add_test (NAME test-simulate
          COMMAND "${CURATOR_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/test_simulate.py" $<TARGET_FILE:simulate>)
set_tests_properties (test-simulate PROPERTIES LABELS sim TIMEOUT 300)

# Failures of the past, scripts/<workload>.<guard>.txt: what the library does about each can be left out, and the list of
# choices shows then that it has not come to mean another run.
file (GLOB _scripts CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/scripts/*.*.txt")
foreach (_script ${_scripts})
  get_filename_component (_name "${_script}" NAME)
  string (REPLACE "." ";" _parts "${_name}")
  list (GET _parts 0 _workload)
  list (GET _parts 1 _guard)
  set (_name "${_workload}-${_guard}")
  add_test (NAME simulate-script-${_name} COMMAND simulate --workload ${_workload} --script "${_script}")
  add_test (NAME simulate-script-${_name}-without
            COMMAND simulate --workload ${_workload} --without ${_guard} --script "${_script}")
  set_tests_properties (simulate-script-${_name} PROPERTIES LABELS sim TIMEOUT 60)
  set_tests_properties (simulate-script-${_name}-without PROPERTIES LABELS sim TIMEOUT 60 PASS_REGULAR_EXPRESSION "FAILED: ")
endforeach ()

# curator_guard_tests (<workload> <guard>...): without the guard something must be seen to go wrong. Guards that only
# another one stands behind are left out together with that one.
function (curator_guard_tests workload)
  foreach (_guard ${ARGN})
    string (REPLACE "," "-and-" _name "${_guard}")
    add_test (NAME simulate-without-${_name}
              COMMAND simulate --workload ${workload} --without ${_guard} --expect-failure --count 20000)
    set_tests_properties (simulate-without-${_name} PROPERTIES LABELS sim TIMEOUT 600 PROCESSORS 2)
  endforeach ()
  set_property (GLOBAL APPEND PROPERTY CURATOR_GUARDS_OF_${workload} ${ARGN})
endfunction ()

if (NOT CURATOR_SANITIZE AND NOT CURATOR_COVERAGE)
  curator_guard_tests (create search-after-loss sync-before-search,check-for-doubles new-guid-in-new-session)
  curator_guard_tests (lock clean-up-open-outcome guaranteed-delete local-lost deadline-before-input date-by-sending
                       present-before-grant order-by-sequence watch-own-node relist-when-behind
                       advances-behind-same relist-after-reconnect catch-up notice-missing-predecessor verify-after-reconnect
                       suspect-when-suspended lose-with-session lose-with-node enter-again abandon-create)
  curator_guard_tests (barrier barrier-checks-again barrier-syncs passage-lists-again passage-waits-for-insiders
                       passage-opens-for-all passage-takes-node-away)
  curator_guard_tests (leader candidate-enters-again candidate-tries-again candidate-loses-when-suspect
                       candidate-stays-closed)
  curator_guard_tests (counter change-syncs change-checks-lost change-tells-unclear change-stays-open
                       mirror-reads-after-reconnect)
  curator_guard_tests (node keeper-creates-again keeper-looks-again keeper-looks-after-reconnect
                       keeper-looks-after-writing keeper-deletes-open-outcome keeper-writes-newest
                       keeper-writes-what-exists roster-lists-again roster-lists-after-reconnect roster-reads-again)
  curator_guard_tests (read-write writer-lists-again cover-is-there)
  curator_guard_tests (revocation revoked-before-grant)
  curator_guard_tests (semaphore lease-under-lock leases-all-there)
  curator_guard_tests (watch check-lost-create check-lost-set compare-over-sessions end-plain-watches finish-delete
                       lost-delete-is-done rearm-before-others rearm-before-telling rearm-in-new-session
                       tell-of-absence tell-of-appearance)
endif ()

# curator_simulation (<workload> <runs>): all of them are well, and together they come by each guard of the workload.
function (curator_simulation workload runs)
  get_property (_guards GLOBAL PROPERTY CURATOR_GUARDS_OF_${workload})
  set (_reach)
  if (_guards)
    list (JOIN _guards "," _guards)
    set (_reach --reach "${_guards}")
  endif ()
  add_test (NAME simulate-${workload} COMMAND simulate --workload ${workload} --count ${runs} ${_reach})
  set_tests_properties (simulate-${workload} PROPERTIES LABELS sim TIMEOUT 600 PROCESSORS 2)
endfunction ()

foreach (_workload create lock watch)
  curator_simulation (${_workload} ${_runs})
  add_test (NAME simulate-${_workload}-exhaustively COMMAND simulate --workload ${_workload} --exhaustive ${_deviations})
  set_tests_properties (simulate-${_workload}-exhaustively PROPERTIES LABELS sim TIMEOUT 600)
endforeach ()
if (NOT CURATOR_SANITIZE AND NOT CURATOR_COVERAGE)
  add_test (NAME simulate-lock-exhaustively-with-users COMMAND simulate --workload lock --exhaustive 1 --users 1)
  set_tests_properties (simulate-lock-exhaustively-with-users PROPERTIES LABELS sim TIMEOUT 600)
endif ()

# Recipes that are made of the contender that the mutex proves: fewer runs of each.
if (CURATOR_SANITIZE OR CURATOR_COVERAGE)
  set (_recipe_runs 500)
else ()
  set (_recipe_runs 3000)
endif ()
foreach (_workload barrier counter leader limit node read-write revocation selector semaphore)
  curator_simulation (${_workload} ${_recipe_runs})
endforeach ()

add_custom_target (nightly
  COMMAND sh -c "first=1; while true; do for workload in barrier counter create leader limit lock node read-write revocation selector semaphore watch; do $<TARGET_FILE:simulate> -w $workload -f $first -n 100000 || exit 1; done; first=$((first + 100000)); done"
  DEPENDS simulate USES_TERMINAL VERBATIM COMMENT "Simulations until one fails or it is interrupted")
