/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "curator-framework-builder.h"
#include "curator-request-private.h"

/* Takes the place of the way into the core (curator-framework-submit.c): requests are recorded, and answered
 * when and as the test says, in the client's loop as the real one does. */
class FakeSubmit
{
public:
  using Fill = std::function<void (CuratorRequest *)>;

  FakeSubmit ();
  ~FakeSubmit ();

  /* From now on requests are answered by themselves, as soon as the loop gets to it. */
  void AnswerWith (Fill fill);
  /* Waits until @n requests were submitted. */
  void Await (size_t n);
  size_t Count ();
  /* Borrowed. */
  CuratorRequest *At (size_t i);
  /* Any thread. */
  void Answer (size_t i, Fill fill = nullptr);

  /* What the library calls. */
  void
  Submit (CuratorFramework *client, CuratorRequest *request, CuratorRequestFunc func, gpointer user_data);
  void Cancel (CuratorRequest *request);

private:
  struct Entry
  {
    CuratorFramework *client;
    CuratorRequest *request;
    CuratorRequestFunc func;
    gpointer user_data;
    bool ended;
  };

  void End (size_t i, const Fill &fill);

  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;
  Fill fill_;
};

/* A fresh default context, and a client that was not started. */
class SubmitFixture : public ::testing::Test
{
protected:
  void SetUp () override;
  void TearDown () override;
  /* Iterates the context until @predicate holds; fails the test after ten seconds. */
  void Until (const std::function<bool ()> &predicate);
  /* Runs @func in the client's loop and waits for it. */
  void InLoop (const std::function<void ()> &func);
  /* A client of another configuration. */
  CuratorFramework *Build (const std::function<void (CuratorFrameworkBuilder *)> &configure);

  FakeSubmit submit;
  GMainContext *context = nullptr;
  CuratorFramework *client = nullptr;
};

/* What a GAsyncReadyCallback was told. */
struct Outcome
{
  ~Outcome ();
  static void Store (GObject *source, GAsyncResult *result, gpointer user_data);

  int calls = 0;
  GThread *thread = nullptr;
  GAsyncResult *result = nullptr;
};

GBytes *MakeBytes (const std::string &text);
std::string ToString (GBytes *bytes);
/* Expects the error, of GIO's domain, and frees it. */
void ExpectIoError (GError *error, GIOErrorEnum code, const std::string &part);
