/* SPDX-License-Identifier: Apache-2.0 */
#include "fake-net.h"

#include <gtest/gtest.h>

FakeNet *
FakeNet::From (CuratorNet *net)
{
  return reinterpret_cast<FakeNet *> (net);
}

FakeNet::FakeNet ()
{
  net.now_us = [] (CuratorNet *self) { return From (self)->now_us; };
  net.random = [] (CuratorNet *self) -> guint64 {
    guint64 z = From (self)->seed += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
    return z ^ (z >> 31);
  };
  net.resolve = Resolve;
  net.reverse = Reverse;
  context = g_main_context_new ();
  loop = curator_loop_new_for_context (context, &net);
}

FakeNet::~FakeNet ()
{
  Settle ();
  EXPECT_EQ (unanswered, 0u) << "a lookup outlived its owner";
  EXPECT_EQ (curator_loop_get_next_due_us (loop), -1) << "a timer outlived its owner";
  curator_loop_unref (loop);
  g_main_context_unref (context);
}

void
FakeNet::Settle ()
{
  while (g_main_context_iteration (context, FALSE))
    continue;
}

void
FakeNet::Advance (gint64 ms)
{
  gint64 end_us = now_us + ms * 1000;

  Settle ();
  for (gint64 due_us = curator_loop_get_next_due_us (loop); due_us >= 0 && due_us <= end_us;
       due_us = curator_loop_get_next_due_us (loop))
    {
      now_us = MAX (now_us, due_us);
      Settle ();
    }
  now_us = end_us;
}

void
FakeNet::OnCancelled (GCancellable *cancellable, gpointer data)
{
  auto *question = static_cast<Question *> (data);

  question->cancelled = true;
  curator_loop_cancel_timer (question->fake->loop, &question->timer);
  question->timer = curator_loop_add_timer (question->fake->loop, 0, Answer, question);
}

void
FakeNet::Ask (Question *question, GCancellable *cancellable, gint64 delay_ms)
{
  question->fake = this;
  question->cancellable = G_CANCELLABLE (g_object_ref (cancellable));
  if (delay_ms >= 0)
    question->timer = curator_loop_add_timer (loop, delay_ms, Answer, question);
  question->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (OnCancelled), question, nullptr);
  unanswered++;
}

void
FakeNet::Resolve (CuratorNet *net,
                  const char *host,
                  GCancellable *cancellable,
                  CuratorNetResolveFunc func,
                  gpointer user_data)
{
  FakeNet *fake = From (net);
  auto *question = new Question ();

  question->key = host;
  question->resolve = func;
  question->user_data = user_data;
  fake->lookups.push_back (host);
  fake->Ask (question, cancellable, fake->names[host].delay_ms);
}

void
FakeNet::Reverse (CuratorNet *net,
                  GInetAddress *address,
                  GCancellable *cancellable,
                  CuratorNetReverseFunc func,
                  gpointer user_data)
{
  FakeNet *fake = From (net);
  auto *question = new Question ();
  g_autofree char *text = g_inet_address_to_string (address);
  auto known = fake->reverse_names.find (text);

  question->key = text;
  question->reverse = func;
  question->user_data = user_data;
  fake->Ask (question, cancellable, known != fake->reverse_names.end () && known->second.empty () ? -1 : 0);
}

void
FakeNet::Answer (gpointer data)
{
  std::unique_ptr<Question> question (static_cast<Question *> (data));
  FakeNet *fake = question->fake;
  g_autoptr (GError) error = nullptr;
  GList *addresses = nullptr;

  fake->unanswered--;
  g_cancellable_disconnect (question->cancellable, question->cancelled_id);
  g_object_unref (question->cancellable);
  if (question->cancelled)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  if (question->reverse != nullptr)
    {
      auto known = fake->reverse_names.find (question->key);
      bool found = error == nullptr && known != fake->reverse_names.end ();

      if (!found && error == nullptr)
        error = g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such address");
      question->reverse (found ? known->second.c_str () : nullptr, error, question->user_data);
      return;
    }
  const Name &name = fake->names[question->key];
  if (error == nullptr && name.fails)
    error = g_error_new_literal (G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "no name service");
  for (size_t i = 0; error == nullptr && i < name.addresses.size (); i++)
    addresses = g_list_append (addresses, g_inet_address_new_from_string (name.addresses[i].c_str ()));
  question->resolve (addresses, error, question->user_data);
}
