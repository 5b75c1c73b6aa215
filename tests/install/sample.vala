/* SPDX-License-Identifier: Apache-2.0 */

/* A Vala program outside the tree that awaits what it asks a server of its own for. */
async void run (string connect_string) throws Error
{
  var client = new Curator.FrameworkBuilder (connect_string).build ();
  int n_states = 0;
  client.connection_state_changed.connect ((state) => n_states++);
  client.start ();
  yield client.await_connected_async (10000, null);

  var data = new Bytes ("x".data);
  var path = yield client.create ()
      .with_parents ()
      .with_mode (Curator.CreateMode.EPHEMERAL_SEQUENTIAL)
      .for_path_async ("/queue/n-", data, null);
  var read = yield client.get_data ().for_path_async (path, null);
  print ("%s: %s\n", path, read.compare (data) == 0 ? "same" : "different");
  var stat = client.check_exists ().for_path_sync (path);
  print ("length: %d\n", stat.data_length);

  try
    {
      yield client.@delete ().for_path_async ("/missing", null);
    }
  catch (Curator.Error.NO_NODE error)
    {
      print ("missing\n");
    }

  var mutex = new Curator.Mutex (client, "/locks/printer");
  var lease = yield mutex.acquire_async (5000, null);
  print ("held: %s\n", lease.is_valid () && lease.fencing_token > 0 ? "yes" : "no");
  yield lease.release_async (null);
  yield client.close_async (null);
  print ("states: %s\n", n_states > 0 ? "heard" : "none");
}

int main ()
{
  var loop = new MainLoop ();
  int status = 1;

  try
    {
      var server = new CuratorTest.Server ();
      server.start_sync ();
      run.begin (server.get_connect_string (), (object, result) => {
        try
          {
            run.end (result);
            status = 0;
          }
        catch (Error error)
          {
            printerr ("%s\n", error.message);
          }
        loop.quit ();
      });
      loop.run ();
      server.stop_sync ();
    }
  catch (Error error)
    {
      printerr ("%s\n", error.message);
      return 1;
    }
  return status;
}
