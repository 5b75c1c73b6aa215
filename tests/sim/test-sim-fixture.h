/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sim-acl.h"
#include "sim-raw.h"

namespace sim
{

constexpr int64_t kSecondUs = 1000000;

/* Of an ensemble whose steps are taken one by one. */
class SimEnsembleTest : public ::testing::Test
{
protected:
  void Make (unsigned n_members)
  {
    EnsembleOptions options;

    options.n_members = n_members;
    ensemble_ = std::make_unique<Ensemble> (&world_, options);
    for (unsigned i = 0; i < n_members; i++)
      places_.push_back (std::make_unique<SimPlace> (ensemble_.get (), i));
  }

  size_t CountSteps ()
  {
    std::vector<Step> steps;

    ensemble_->Collect (&steps);
    return steps.size ();
  }

  void Wait (int64_t us)
  {
    int64_t until_us = world_.NowUs () + us;

    while (world_.Advance (until_us))
      ;
  }

  std::unique_ptr<Caller> Connect (unsigned member)
  {
    auto caller = std::make_unique<Caller> (places_[member].get ());

    EXPECT_TRUE (caller->BeginConnect ());
    Settle (ensemble_.get ());
    EXPECT_TRUE (caller->FinishConnect ());
    return caller;
  }

  /* The same session at another member. */
  std::unique_ptr<Caller> Move (const Caller &from, unsigned member)
  {
    auto caller = std::make_unique<Caller> (places_[member].get ());

    caller->greeting = from.greeting;
    EXPECT_TRUE (caller->BeginConnect ());
    Settle (ensemble_.get ());
    EXPECT_TRUE (caller->FinishConnect ());
    return caller;
  }

  Reply Do (Caller *caller, int32_t op, const Writer &body)
  {
    caller->Send (op, body);
    Settle (ensemble_.get ());
    return caller->Read ();
  }

  int32_t Create (Caller *caller, const std::string &path, int32_t flags = 0)
  {
    return Do (caller, kOpCreate, MakeCreate (path, flags, GetOpenAcl ())).error;
  }

  int32_t Exists (Caller *caller, const std::string &path, bool watch = false)
  {
    return Do (caller, kOpExists, MakeWatch (path, watch)).error;
  }

  /* What was said over the older connection. */
  void CheckMoved (unsigned old_member)
  {
    auto before = Connect (old_member);
    auto now = Move (*before, 1);
    int64_t zxid = ensemble_->GetLatest ().last_zxid;

    before->Send (kOpCreate, MakeCreate ("/a", 0, GetOpenAcl ()));
    Settle (ensemble_.get ());
    EXPECT_TRUE (IsClosed (before.get ()));
    EXPECT_EQ (zxid + 1, ensemble_->GetLatest ().last_zxid);
    EXPECT_EQ (kNoNode, Exists (now.get (), "/a"));
    EXPECT_EQ (kOk, Create (now.get (), "/a"));
  }

  static bool IsEvent (const Reply &reply, int32_t type, const std::string &path)
  {
    Reader body (reply.body);
    int32_t got = body.GetInt ();

    body.GetInt ();
    return reply.IsEvent () && reply.zxid == -1 && got == type && body.GetString () == path;
  }

  static bool IsClosed (Caller *caller)
  {
    return caller->Read ().result == Peer::Result::kClosed;
  }

  static bool IsSilent (Caller *caller)
  {
    return caller->Read ().result == Peer::Result::kNothing;
  }

  Choices choices_{ uint64_t{ 7 } };
  World world_{ &choices_, true };
  std::unique_ptr<Ensemble> ensemble_;
  std::vector<std::unique_ptr<SimPlace> > places_;
};

} // namespace sim
