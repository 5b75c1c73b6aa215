/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtest/gtest.h>
#include <zookeeper.h>

#include "fake-core.h"

/* One run of a procedure on a fake core: counts the callbacks and keeps what they said. */
class ProcedureRun
{
public:
  ProcedureRun (FakeCore &fake, CuratorRequestType type, const std::string &path, int flags)
      : request (curator_request_new (type, path.c_str ())), m_fake (fake)
  {
    request->server_path = g_strdup (path.c_str ());
    request->flags = static_cast<CuratorRequestFlags> (flags);
  }

  ~ProcedureRun ()
  {
    EXPECT_EQ (n_calls, m_started ? 1 : 0);
    EXPECT_EQ (request->procedure, nullptr);
    EXPECT_EQ (request->ref_count, 1) << "the procedure kept a reference";
    curator_request_unref (request);
  }

  void SetData (const char *data)
  {
    request->data = g_bytes_new (data, strlen (data));
  }

  void Start ()
  {
    m_started = true;
    if (request->type == CURATOR_REQUEST_CREATE)
      curator_create_procedure_start (m_fake.Core (), request, on_done, this);
    else if (request->type == CURATOR_REQUEST_SET_DATA)
      curator_set_data_procedure_start (m_fake.Core (), request, on_done, this);
    else
      curator_delete_procedure_start (m_fake.Core (), request, on_done, this);
    EXPECT_EQ (n_calls, 0) << "called back from inside the call";
  }

  void Cancel ()
  {
    bool done = n_calls > 0;

    if (request->type == CURATOR_REQUEST_CREATE)
      curator_create_procedure_cancel (m_fake.Core (), request);
    else if (request->type == CURATOR_REQUEST_SET_DATA)
      curator_set_data_procedure_cancel (m_fake.Core (), request);
    else
      curator_delete_procedure_cancel (m_fake.Core (), request);
    EXPECT_EQ (n_calls, 1) << "a cancellation calls back before it returns";
    EXPECT_TRUE (done || rc == CURATOR_RC_CANCELLED) << rc;
  }

  int Finish ()
  {
    Start ();
    m_fake.Run ();
    return rc;
  }

  std::string Result () const
  {
    return request->result_path == nullptr ? "" : request->result_path;
  }

  CuratorRequest *request;
  int n_calls = 0;
  int rc = 1;

private:
  static void on_done (CuratorRequest *done, gpointer user_data)
  {
    ProcedureRun *self = static_cast<ProcedureRun *> (user_data);

    EXPECT_EQ (done, self->request);
    self->n_calls++;
    self->rc = done->rc;
  }

  FakeCore &m_fake;
  bool m_started = false;
};

class Create : public ProcedureRun
{
public:
  Create (FakeCore &fake,
          const std::string &path,
          int flags,
          CuratorCreateMode mode = CURATOR_CREATE_MODE_PERSISTENT)
      : ProcedureRun (fake, CURATOR_REQUEST_CREATE, path, flags)
  {
    request->mode = mode;
  }
};
