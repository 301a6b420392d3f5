package org.nfsproxy.server.call;

/** What a batch has asked and not been told: kept with it for whoever judges it again. */
public interface OpenQuestions {}
