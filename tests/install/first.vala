/* SPDX-License-Identifier: Apache-2.0 */

/* A Vala program outside the tree, without a server: chained settings, and an error. */
int main ()
{
  print ("%d.%d.%d\n", Curator.MAJOR_VERSION, Curator.MINOR_VERSION, Curator.MICRO_VERSION);
  try
    {
      new Curator.FrameworkBuilder ("not a host:port")
          .with_namespace ("app")
          .with_retry_policy (new Curator.RetryExponentialBackoff (100, 5))
          .build ();
    }
  catch (IOError.INVALID_ARGUMENT error)
    {
      print ("%s\n", error.message);
      return 0;
    }
  catch (Error error)
    {
      printerr ("unexpected: %s\n", error.message);
    }
  return 1;
}
