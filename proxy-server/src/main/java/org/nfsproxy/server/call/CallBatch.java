package org.nfsproxy.server.call;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;

/**
 * The records that a client's connection has queued, judged together by one worker task. Used by
 * one thread at a time: the event loop fills it and carries its verdicts out, a worker judges it.
 */
// Two of them serve a connection for its life, one being filled while the other is judged, so the
// arrays and the Call objects are reused. They start small, because most connections are idle.
public final class CallBatch {
  private static final int ENTRIES_MIN = 4;
  private static final int NONE = -1;

  private ByteBuf[] records = new ByteBuf[ENTRIES_MIN];
  private ByteBuf[] answers = new ByteBuf[ENTRIES_MIN];
  private Verdict[] verdicts = new Verdict[ENTRIES_MIN];
  private ReplyOpener[] openers = new ReplyOpener[ENTRIES_MIN];
  private Call[] calls = new Call[ENTRIES_MIN];
  private boolean[] owing = new boolean[ENTRIES_MIN];
  private CallSummary[] summaries = new CallSummary[ENTRIES_MIN];
  private int size;
  private int bytes;
  private int callsRead;
  private int beginning = NONE;
  private int beginningBytes;
  private @Nullable StreamedCall streamed;
  private @Nullable OpenQuestions openQuestions;
  private @Nullable LastCaller lastCaller;

  /** What becomes of a record. */
  public enum Verdict {
    /** A call that goes to the backend unchanged. */
    FORWARD,
    /** A call that is answered here. */
    ANSWER,
    /** The beginning of a call that goes to the backend as it arrives. */
    BEGIN,
    /** The beginning of a record that says nothing for sure: it is judged when it is whole. */
    WHOLE,
    /** A client's reply to a callback. */
    CALLBACK_REPLY,
    /** No RPC: the connection is closed. */
    CLOSE,
    /**
     * What must be known to decide, nobody says: the connection is closed, and the client retries.
     */
    RETRY,
    /** Judging it failed, by a fault of ours: the connection is closed. */
    FAULT
  }

  /**
   * Adds a record.
   *
   * @param record the record; now the batch's
   * @param bytesHeld how much memory it holds: less than its length, if it was begun
   */
  public void add(ByteBuf record, int bytesHeld) {
    if (size == records.length) {
      grow();
    }
    if (calls[size] == null) {
      calls[size] = new Call();
    }
    records[size++] = record;
    bytes += bytesHeld;
  }

  /**
   * Adds the beginning of a record; nothing may be added behind it.
   *
   * @param record as long as the record, blank behind what is there; now the batch's
   * @param bytesHeld how much of it is there, without its marker
   */
  public void addBeginning(ByteBuf record, int bytesHeld) {
    beginning = size;
    beginningBytes = RecordMarking.MARKER_BYTES + bytesHeld;
    add(record, bytesHeld);
  }

  /**
   * What the record that was added last can be counted with, left over from an earlier one.
   *
   * @return null if there is nothing: {@link #count} gives something
   */
  public @Nullable CallSummary spareSummary() {
    return summaries[size - 1];
  }

  /**
   * Gives the record that was added last something to count it with.
   *
   * @param summary now the batch's, until {@link #takeSummary}
   */
  public void count(CallSummary summary) {
    summaries[size - 1] = summary;
  }

  /**
   * What a record is counted with.
   *
   * @param i which, from 0
   * @return null if it is not counted
   */
  public @Nullable CallSummary summary(int i) {
    CallSummary summary = summaries[i];
    return summary != null && summary.isBegun() ? summary : null;
  }

  /**
   * Hands over what a record is counted with.
   *
   * @param i which, from 0
   * @return the caller's; null if it is not counted
   */
  public @Nullable CallSummary takeSummary(int i) {
    CallSummary summary = summary(i);
    if (summary != null) {
      summaries[i] = null;
    }
    return summary;
  }

  /** Reads the header of each record's message, the first time it is called. */
  public void readCalls() {
    for (int i = callsRead; i < size; i++) {
      ByteBuf record = records[i];
      int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
      calls[i].read(record, from, record.writerIndex());
    }
    callsRead = size;
  }

  /**
   * Decides about a record.
   *
   * @param i which, from 0
   */
  public void decide(int i, Verdict verdict) {
    verdicts[i] = verdict;
  }

  /**
   * Decides that a call is answered here.
   *
   * @param i which, from 0
   * @param reply the reply's record; now the batch's
   */
  public void answer(int i, ByteBuf reply) {
    verdicts[i] = Verdict.ANSWER;
    answers[i] = reply;
  }

  /**
   * Puts a record in the place of another, which whoever made the new one has taken over.
   *
   * @param i which, from 0
   * @param record the new record; now the batch's. It may be the old one
   */
  public ByteBuf replace(int i, ByteBuf record) {
    records[i] = record;
    return record;
  }

  /**
   * Decides that a call goes to the backend, and what opens its reply.
   *
   * @param i which, from 0
   * @param record the batch's own record, see {@link #replace}
   * @param opener what opens the reply; null to let it pass
   */
  public void forward(int i, ByteBuf record, @Nullable ReplyOpener opener) {
    if (record != records[i]) {
      throw new IllegalArgumentException("not the batch's record");
    }
    verdicts[i] = Verdict.FORWARD;
    openers[i] = opener;
  }

  /**
   * Says that the origin may owe the client a callback when it has answered a call.
   *
   * @param i which, from 0
   */
  public void mayLeaveCallback(int i) {
    owing[i] = true;
  }

  /**
   * Whether {@link #mayLeaveCallback} was said of a call.
   *
   * @param i which, from 0
   * @return false if it was not
   */
  public boolean leavesCallback(int i) {
    return owing[i];
  }

  /**
   * Whether a record is the beginning of one whose rest has not arrived, and is blank.
   *
   * @param i which, from 0
   * @return true for the last one of a batch at most
   */
  public boolean isBeginning(int i) {
    return i == beginning;
  }

  /**
   * Decides that the call which begins goes to the backend as it arrives.
   *
   * @param i which, from 0; {@link #isBeginning}
   * @param streamed what is sent of it, and what is to follow; now the batch's
   */
  public void begin(int i, StreamedCall streamed) {
    verdicts[i] = Verdict.BEGIN;
    this.streamed = streamed;
  }

  /**
   * Whether a record has its verdict.
   *
   * @param i which, from 0
   * @return false before it was decided about
   */
  public boolean isDecided(int i) {
    return verdicts[i] != null;
  }

  /**
   * What was decided about a record.
   *
   * @param i which, from 0
   * @return null before it was decided about
   */
  public @Nullable Verdict verdict(int i) {
    return verdicts[i];
  }

  /**
   * How much of the beginning is there.
   *
   * @return bytes, marker included; what is behind them is blank
   */
  public int beginningBytes() {
    return beginningBytes;
  }

  /**
   * Keeps the questions for whoever judges this batch in several rounds.
   *
   * @param questions null if all are answered
   */
  public void keepOpen(@Nullable OpenQuestions questions) {
    openQuestions = questions;
  }

  /**
   * The questions that were kept.
   *
   * @return null if none were
   */
  public @Nullable OpenQuestions openQuestions() {
    return openQuestions;
  }

  /**
   * Remembers how the client called, for the batches to come: all of one batch object are of one
   * client.
   *
   * @param caller as whoever judges sees it
   */
  public void rememberCaller(LastCaller caller) {
    lastCaller = caller;
  }

  /**
   * What was remembered last.
   *
   * @return null if nothing was
   */
  public @Nullable LastCaller lastCaller() {
    return lastCaller;
  }

  /**
   * How many records there are.
   *
   * @return 0 or more
   */
  public int size() {
    return size;
  }

  /**
   * The header of a record's message.
   *
   * @param i which, from 0
   * @return the header; valid until the batch is cleared
   */
  public Call call(int i) {
    return calls[i];
  }

  /**
   * A record with its marker.
   *
   * @param i which, from 0
   * @return the record; stays the batch's
   */
  public ByteBuf record(int i) {
    return records[i];
  }

  /** How much memory the records hold. */
  public int bytes() {
    return bytes;
  }

  /**
   * Hands a record over to the caller.
   *
   * @param i which, from 0
   * @return the record, the caller's; null if it was taken before
   */
  public ByteBuf takeRecord(int i) {
    ByteBuf record = records[i];
    records[i] = null;
    return record;
  }

  /**
   * What opens the reply to a call.
   *
   * @param i which, from 0
   * @return null for most
   */
  public @Nullable ReplyOpener opener(int i) {
    return openers[i];
  }

  /**
   * Hands over what is sent of a call that begins.
   *
   * @return the caller's; null if nothing begins
   */
  public @Nullable StreamedCall takeStreamed() {
    StreamedCall taken = streamed;
    streamed = null;
    return taken;
  }

  /**
   * Hands an answer over to the caller.
   *
   * @param i which, from 0
   * @return the answer's record, the caller's; null if there is none
   */
  public @Nullable ByteBuf takeAnswer(int i) {
    ByteBuf answer = answers[i];
    answers[i] = null;
    return answer;
  }

  /** Gives back whatever was not taken, and is empty again. */
  public void clear() {
    for (int i = 0; i < size; i++) {
      release(records[i]);
      release(answers[i]);
      records[i] = null;
      answers[i] = null;
      verdicts[i] = null;
      openers[i] = null;
      owing[i] = false;
      if (summaries[i] != null) {
        summaries[i].forget();
      }
    }
    if (streamed != null) {
      streamed.release();
      streamed = null;
    }
    beginning = NONE;
    size = 0;
    bytes = 0;
    callsRead = 0;
    openQuestions = null;
  }

  private void grow() {
    int length = records.length * 2;
    records = Arrays.copyOf(records, length);
    answers = Arrays.copyOf(answers, length);
    verdicts = Arrays.copyOf(verdicts, length);
    openers = Arrays.copyOf(openers, length);
    calls = Arrays.copyOf(calls, length);
    owing = Arrays.copyOf(owing, length);
    summaries = Arrays.copyOf(summaries, length);
  }

  private static void release(ByteBuf buffer) {
    if (buffer != null) {
      buffer.release();
    }
  }
}
