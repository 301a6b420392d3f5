/**
 * What an origin offers, and what that means for re-exporting it: asked, never written.
 *
 * <pre>
 *  OriginProbe ─► looks ─► ProbeFacts ─► findings ─► ProbeReport ─► table or JSON
 * </pre>
 */
@NullMarked
package org.nfsproxy.server.probe;

import org.jspecify.annotations.NullMarked;
