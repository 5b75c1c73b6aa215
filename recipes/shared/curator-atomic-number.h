/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "curator-atomic-result.h"
#include "curator-framework.h"
#include "curator-retry-policy.h"

G_BEGIN_DECLS

#define CURATOR_TYPE_ATOMIC_NUMBER (curator_atomic_number_get_type ())
CURATOR_API
G_DECLARE_DERIVABLE_TYPE (CuratorAtomicNumber, curator_atomic_number, CURATOR, ATOMIC_NUMBER, GObject)

/**
 * CuratorAtomicNumberClass:
 *
 * The class of atomic numbers; not for deriving from outside the library.
 *
 * Since: 1.0
 */
struct _CuratorAtomicNumberClass
{
  GObjectClass parent_class;

  /*< private >*/
  gsize size;
  gpointer padding[4];
};

CURATOR_API CuratorFramework *curator_atomic_number_get_client (CuratorAtomicNumber *self);
CURATOR_API const char *curator_atomic_number_get_path (CuratorAtomicNumber *self);
CURATOR_API CuratorRetryPolicy *curator_atomic_number_get_retry_policy (CuratorAtomicNumber *self);
CURATOR_API const char *curator_atomic_number_get_lock_path (CuratorAtomicNumber *self);
CURATOR_API gint64 curator_atomic_number_get_lock_timeout_ms (CuratorAtomicNumber *self);
CURATOR_API CuratorRetryPolicy *curator_atomic_number_get_lock_retry_policy (CuratorAtomicNumber *self);

CURATOR_API void curator_atomic_number_get_async (CuratorAtomicNumber *self,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_get_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_get_sync (CuratorAtomicNumber *self, GCancellable *cancellable, GError **error);

CURATOR_API void curator_atomic_number_increment_async (CuratorAtomicNumber *self,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_increment_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_increment_sync (CuratorAtomicNumber *self, GCancellable *cancellable, GError **error);

CURATOR_API void curator_atomic_number_decrement_async (CuratorAtomicNumber *self,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_decrement_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_decrement_sync (CuratorAtomicNumber *self, GCancellable *cancellable, GError **error);

CURATOR_API void curator_atomic_number_add_async (CuratorAtomicNumber *self,
                                                  gint64 delta,
                                                  GCancellable *cancellable,
                                                  GAsyncReadyCallback callback,
                                                  gpointer user_data);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_add_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorAtomicResult *curator_atomic_number_add_sync (CuratorAtomicNumber *self,
                                                                 gint64 delta,
                                                                 GCancellable *cancellable,
                                                                 GError **error);

CURATOR_API void curator_atomic_number_subtract_async (CuratorAtomicNumber *self,
                                                       gint64 delta,
                                                       GCancellable *cancellable,
                                                       GAsyncReadyCallback callback,
                                                       gpointer user_data);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_subtract_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorAtomicResult *curator_atomic_number_subtract_sync (CuratorAtomicNumber *self,
                                                                      gint64 delta,
                                                                      GCancellable *cancellable,
                                                                      GError **error);

CURATOR_API void curator_atomic_number_try_set_async (CuratorAtomicNumber *self,
                                                      gint64 value,
                                                      GCancellable *cancellable,
                                                      GAsyncReadyCallback callback,
                                                      gpointer user_data);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_try_set_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorAtomicResult *curator_atomic_number_try_set_sync (CuratorAtomicNumber *self,
                                                                     gint64 value,
                                                                     GCancellable *cancellable,
                                                                     GError **error);

CURATOR_API void curator_atomic_number_compare_and_set_async (CuratorAtomicNumber *self,
                                                              gint64 expected,
                                                              gint64 value,
                                                              GCancellable *cancellable,
                                                              GAsyncReadyCallback callback,
                                                              gpointer user_data);
CURATOR_API CuratorAtomicResult *curator_atomic_number_compare_and_set_finish (CuratorAtomicNumber *self,
                                                                               GAsyncResult *result,
                                                                               GError **error);
CURATOR_API CuratorAtomicResult *curator_atomic_number_compare_and_set_sync (
    CuratorAtomicNumber *self, gint64 expected, gint64 value, GCancellable *cancellable, GError **error);

CURATOR_API void curator_atomic_number_initialize_async (CuratorAtomicNumber *self,
                                                         gint64 value,
                                                         GCancellable *cancellable,
                                                         GAsyncReadyCallback callback,
                                                         gpointer user_data);
CURATOR_API CuratorAtomicResult *
curator_atomic_number_initialize_finish (CuratorAtomicNumber *self, GAsyncResult *result, GError **error);
CURATOR_API CuratorAtomicResult *curator_atomic_number_initialize_sync (CuratorAtomicNumber *self,
                                                                        gint64 value,
                                                                        GCancellable *cancellable,
                                                                        GError **error);

CURATOR_API void curator_atomic_number_force_set_async (CuratorAtomicNumber *self,
                                                        gint64 value,
                                                        GCancellable *cancellable,
                                                        GAsyncReadyCallback callback,
                                                        gpointer user_data);
CURATOR_API gboolean curator_atomic_number_force_set_finish (CuratorAtomicNumber *self,
                                                             GAsyncResult *result,
                                                             GError **error);
CURATOR_API gboolean curator_atomic_number_force_set_sync (CuratorAtomicNumber *self,
                                                           gint64 value,
                                                           GCancellable *cancellable,
                                                           GError **error);

G_END_DECLS
