/* SPDX-License-Identifier: Apache-2.0 */
#include "curator-test-process-private.h"

#include "curator-test-net-private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The kernel kills a child that asked for PR_SET_PDEATHSIG when the *thread* that forked it ends. All
 * children are therefore forked by one thread that lives as long as the process. */

typedef struct
{
  const char *const *argv;
  GSubprocessLauncher *launcher;
  GSubprocess *process;
  GError *error;
  gboolean done;
} Job;

static GMutex job_lock;
static GCond job_cond;
static GQueue jobs = G_QUEUE_INIT;

static gpointer
spawner_thread (gpointer unused)
{
  g_mutex_lock (&job_lock);
  for (;;)
    {
      Job *job = g_queue_pop_head (&jobs);

      if (job == NULL)
        {
          g_cond_wait (&job_cond, &job_lock);
          continue;
        }
      g_mutex_unlock (&job_lock);
      job->process = g_subprocess_launcher_spawnv (job->launcher, job->argv, &job->error);
      g_mutex_lock (&job_lock);
      job->done = TRUE;
      g_cond_broadcast (&job_cond);
    }
  return NULL;
}

static void
spawner_run (Job *job)
{
  static gsize started = 0;

  if (g_once_init_enter (&started))
    {
      g_thread_unref (g_thread_new ("curator-test-spawner", spawner_thread, NULL));
      g_once_init_leave (&started, 1);
    }
  g_mutex_lock (&job_lock);
  g_queue_push_tail (&jobs, job);
  g_cond_broadcast (&job_cond);
  while (!job->done)
    g_cond_wait (&job_cond, &job_lock);
  g_mutex_unlock (&job_lock);
}

/* Between fork() and exec(): only async-signal-safe calls. */
static void
child_setup (gpointer parent_pid)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != GPOINTER_TO_INT (parent_pid))
    _exit (127);
}

GSubprocess *
curator_test_process_spawn (const char *const *argv, const char *log_path, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_MERGE);
  Job job = { .argv = argv, .launcher = launcher };
  int fd = open (log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", log_path, g_strerror (errno));
      return NULL;
    }
  g_subprocess_launcher_take_stdout_fd (launcher, fd);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, GINT_TO_POINTER (getpid ()), NULL);
  spawner_run (&job);
  if (job.error != NULL)
    g_propagate_error (error, job.error);
  return job.process;
}

int
curator_test_process_get_pid (GSubprocess *process)
{
  const char *identifier = process != NULL ? g_subprocess_get_identifier (process) : NULL;

  return identifier != NULL ? atoi (identifier) : 0;
}

gboolean
curator_test_process_await_exit (GSubprocess *process,
                                 gint64 deadline_us,
                                 GCancellable *cancellable,
                                 GError **error)
{
  while (curator_test_process_get_pid (process) != 0)
    {
      if (!curator_test_net_try_again (deadline_us, "The server's end", cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
process_is_stopped (int pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", pid);
  g_autofree char *stat = NULL;
  const char *name_end;

  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return TRUE;
  name_end = strrchr (stat, ')');
  return name_end == NULL || name_end[2] == 'T' || name_end[2] == 'Z';
}

gboolean
curator_test_process_await_stopped (GSubprocess *process, gint64 deadline_us, GError **error)
{
  int pid = curator_test_process_get_pid (process);

  while (pid != 0 && !process_is_stopped (pid))
    {
      if (!curator_test_net_try_again (deadline_us, "Pausing the server", NULL, error))
        return FALSE;
    }
  return TRUE;
}
