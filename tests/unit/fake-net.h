/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "curator-loop-private.h"

/* A CuratorNet with a clock that is moved by hand, a name service with scripted answers, and no connections;
 * and the loop on it, in a context of its own. */
class FakeNet
{
public:
  struct Name
  {
    std::vector<std::string> addresses; /* none: the empty answer */
    bool fails = false;
    gint64 delay_ms = 0; /* negative: never answers */
  };

  FakeNet ();
  ~FakeNet ();

  /* Dispatches what is ready now. */
  void Settle ();
  /* Moves the clock, from one timer of the loop or of the name service to the next. */
  void Advance (gint64 ms);

  gint64 NowMs () const
  {
    return now_us / 1000;
  }

  CuratorNet net = {};
  GMainContext *context = nullptr;
  CuratorLoop *loop = nullptr;
  gint64 now_us = 1000 * 1000;
  guint64 seed = 1;
  std::map<std::string, Name> names;
  std::map<std::string, std::string> reverse_names; /* address to name; "" never answers */
  std::vector<std::string> lookups;                 /* hosts that were asked for, in order */
  guint unanswered = 0;

private:
  struct Question
  {
    FakeNet *fake;
    std::string key;
    GCancellable *cancellable;
    gulong cancelled_id = 0;
    CuratorNetResolveFunc resolve = nullptr;
    CuratorNetReverseFunc reverse = nullptr;
    gpointer user_data;
    CuratorTimer *timer = nullptr;
    bool cancelled = false;
  };

  static FakeNet *From (CuratorNet *net);
  static void Resolve (CuratorNet *net,
                       const char *host,
                       GCancellable *cancellable,
                       CuratorNetResolveFunc func,
                       gpointer user_data);
  static void Reverse (CuratorNet *net,
                       GInetAddress *address,
                       GCancellable *cancellable,
                       CuratorNetReverseFunc func,
                       gpointer user_data);
  static void Answer (gpointer data);
  static void OnCancelled (GCancellable *cancellable, gpointer data);
  void Ask (Question *question, GCancellable *cancellable, gint64 delay_ms);
};
