/* SPDX-License-Identifier: Apache-2.0 */
/* Does something that only one process of the cluster may do at a time.
 *
 *   valac --pkg curator-glib-1.0 hello.vala
 *   ./hello 127.0.0.1:2181
 */

async void print_alone (Curator.Framework client) throws Error
{
  var mutex = new Curator.Mutex (client, "/locks/printer");
  var lease = yield mutex.acquire_async (5000, null);

  print ("I alone hold /locks/printer, with fencing token %s\n", lease.dup_fencing_token_string ());
  yield lease.release_async (null);
}

async void run (string hosts) throws Error
{
  var client = new Curator.FrameworkBuilder (hosts).build ();

  client.start ();
  try
    {
      yield print_alone (client);
    }
  catch (Error e)
    {
      yield client.close_async (null);
      throw e;
    }
  yield client.close_async (null);
}

int main (string[] args)
{
  var loop = new MainLoop ();
  int status = 0;

  run.begin (args.length > 1 ? args[1] : "127.0.0.1:2181", (source, result) => {
    try
      {
        run.end (result);
      }
    catch (Error e)
      {
        printerr ("hello: %s\n", e.message);
        status = 1;
      }
    loop.quit ();
  });
  loop.run ();
  return status;
}
