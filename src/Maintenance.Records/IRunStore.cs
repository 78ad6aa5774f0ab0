namespace Maintenance.Records;

/// <summary>
/// The record of what ran. It is a projection: the workflow history is the journal, and everything here can be written again from it.
/// Every write is idempotent by the record's own key, so a caller that got no answer just repeats it.
/// While the database cannot be reached, methods throw <see cref="RunStoreUnavailableException"/>.
/// </summary>
public interface IRunStore : IAsyncDisposable
{
    /// <summary>Where the records are, fit for a log line (no password).</summary>
    string Description { get; }

    /// <summary>Brings the tables to this program's version. Call once at start; concurrent callers wait for each other.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Returns when the database answers.</summary>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>Writes the row of a run that begins. A finished run is left as it is.</summary>
    Task OpenRunAsync(RunRecord run, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the finished run with steps, attempts and approvals, its link of the evidence chain and its messages, in one transaction.
    /// Repeatable; messages that exist stay as they are.
    /// </summary>
    Task FinishRunAsync(RunRecord run, IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);

    /// <summary>The whole run, or null.</summary>
    Task<RunRecord?> GetRunAsync(string runId, CancellationToken cancellationToken);

    /// <summary>By run id, by workflow id (its newest run), or by the beginning of a run id.</summary>
    Task<RunLookup> FindRunAsync(string idOrPrefix, CancellationToken cancellationToken);
    Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>The names of all jobs that have a run on record, also of jobs that are no more.</summary>
    Task<IReadOnlyList<string>> ListRecordedJobsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// How long the step, or (<paramref name="ofTargets"/>) each of its targets, took when it last succeeded; newest run first.
    /// </summary>
    Task<IReadOnlyList<TimeSpan>> ListStepDurationsAsync(
        string job, string step, bool ofTargets, int limit, CancellationToken cancellationToken);

    /// <summary>When each of these hosts last ended an attempt; those that never did are not among them.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> ListHostsSeenAsync(
        IReadOnlyList<string> hostIds, CancellationToken cancellationToken);

    /// <summary>Stores an attempt's whole (redacted) output, where the worker that ran it can reach the database.</summary>
    Task PutFullOutputAsync(
        string executionRunId, string activityId, string text, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The whole output if it was stored, else null: the attempt's head and tail are all there is.</summary>
    Task<string?> GetFullOutputAsync(string executionRunId, string activityId, CancellationToken cancellationToken);

    Task PutBundleAsync(BundleRecord bundle, CancellationToken cancellationToken);
    Task<BundleRecord?> GetBundleAsync(string hash, CancellationToken cancellationToken);

    /// <summary>Makes a stored bundle the one that the job's next manual start gets.</summary>
    Task SetCurrentBundleAsync(CurrentBundle current, CancellationToken cancellationToken);
    Task<CurrentBundle?> GetCurrentBundleAsync(string job, CancellationToken cancellationToken);

    /// <summary>The jobs that can be started, by name.</summary>
    Task<IReadOnlyList<CurrentBundle>> ListJobsAsync(CancellationToken cancellationToken);

    /// <summary>The job can no longer be started; its bundles and runs stay.</summary>
    Task RemoveJobAsync(string job, CancellationToken cancellationToken);

    /// <summary>Makes this people.json the one in force; the same <see cref="PeopleRecord.Hash"/> again changes nothing.</summary>
    Task PutPeopleAsync(PeopleRecord people, CancellationToken cancellationToken);

    /// <summary>The people.json in force; null when none was ever applied.</summary>
    Task<PeopleRecord?> GetPeopleAsync(CancellationToken cancellationToken);

    /// <summary>Adds messages that belong to no finish, such as "approval needed". Ids that exist are left alone.</summary>
    Task EnqueueAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Takes messages that may be delivered now and hides them from other claimers for <paramref name="lease"/>.
    /// Messages of one run and target come in order, and none comes while an earlier one of them waits for its retry.
    /// </summary>
    Task<IReadOnlyList<OutboxMessage>> ClaimOutboxAsync(
        string target, int limit, DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken);
    Task MarkDeliveredAsync(IReadOnlyList<string> ids, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives claimed messages back, to be tried again at <paramref name="retryAt"/>; counts a failure.</summary>
    Task PostponeAsync(IReadOnlyList<string> ids, DateTimeOffset retryAt, string error, CancellationToken cancellationToken);

    /// <summary>The receiver refuses this message for good. It stays readable, and the ones behind it go on.</summary>
    Task DeadLetterAsync(string id, DateTimeOffset now, string error, CancellationToken cancellationToken);
    Task<IReadOnlyList<OutboxMessage>> ListDeadLettersAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Puts a dead message back in the queue; false when there is no such dead message.</summary>
    Task<bool> RetryDeadLetterAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);
    Task<OutboxHealth> GetOutboxHealthAsync(CancellationToken cancellationToken);

    Task AppendAuditAsync(AuditRecord record, CancellationToken cancellationToken);
    Task<IReadOnlyList<AuditRecord>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Makes this the version in force; the same <see cref="AppliedSchedule.ContentHash"/> again changes nothing.</summary>
    Task PutAppliedScheduleAsync(AppliedSchedule schedule, CancellationToken cancellationToken);

    /// <summary>The version in force, or null.</summary>
    Task<AppliedSchedule?> GetAppliedScheduleAsync(string installation, string scheduleId, CancellationToken cancellationToken);

    /// <summary>All versions in force, by schedule id.</summary>
    Task<IReadOnlyList<AppliedSchedule>> ListAppliedSchedulesAsync(string installation, CancellationToken cancellationToken);

    /// <summary>Every version that was in force at some time after <paramref name="since"/>, oldest first.</summary>
    Task<IReadOnlyList<AppliedSchedule>> ListAppliedVersionsAsync(
        string installation, string scheduleId, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>No version is in force from <paramref name="at"/> on.</summary>
    Task DeleteAppliedScheduleAsync(string installation, string scheduleId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// All versions of all schedules that were in force at some time after <paramref name="since"/>, by schedule id, oldest first.
    /// </summary>
    Task<IReadOnlyList<AppliedSchedule>> ListAppliedHistoryAsync(
        string installation, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>A text that differs when any version was added or replaced: cheaper than reading them all.</summary>
    Task<string> GetAppliedStampAsync(string installation, CancellationToken cancellationToken);

    /// <summary>Null before the first write.</summary>
    Task<LedgerState?> GetLedgerStateAsync(string installation, CancellationToken cancellationToken);

    /// <summary>Writes one step of the ledger in one transaction; false, and nothing is written, when somebody else was faster.</summary>
    Task<bool> WriteLedgerAsync(LedgerWrite write, CancellationToken cancellationToken);
    Task<IReadOnlyList<OccurrenceRecord>> ListOccurrencesAsync(OccurrenceQuery query, CancellationToken cancellationToken);

    /// <summary>Outages that ended at or after <paramref name="since"/>, oldest first.</summary>
    Task<IReadOnlyList<Outage>> ListOutagesAsync(string installation, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Runs of schedules that started at or after <paramref name="since"/>, and those of these ids, by start.</summary>
    Task<IReadOnlyList<ScheduledRun>> ListScheduledRunsAsync(
        string installation, DateTimeOffset since, IReadOnlyList<string> runIds, CancellationToken cancellationToken);

    /// <summary>Writes what an operator did, or that it ended.</summary>
    Task PutHoldAsync(ScheduleHold hold, CancellationToken cancellationToken);
    Task<IReadOnlyList<ScheduleHold>> ListHoldsAsync(HoldQuery query, CancellationToken cancellationToken);

    /// <summary>An alarm that is raised already keeps its <see cref="Alarm.Since"/>.</summary>
    Task RaiseAlarmAsync(Alarm alarm, CancellationToken cancellationToken);
    Task ClearAlarmAsync(string installation, string name, CancellationToken cancellationToken);
    Task<IReadOnlyList<Alarm>> ListAlarmsAsync(string installation, CancellationToken cancellationToken);

    /// <summary>Takes a lease that is free or over, or prolongs the holder's own; false while another one has it.</summary>
    Task<bool> TryTakeLeaseAsync(string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives the holder's own lease back at once.</summary>
    Task ReleaseLeaseAsync(string name, string holder, CancellationToken cancellationToken);

    /// <summary>The run's newest link of the evidence chain; null for a run that is older than the chain or has not finished.</summary>
    Task<EvidenceLink?> GetEvidenceAsync(string runId, CancellationToken cancellationToken);

    /// <summary>The links behind this one, in their order.</summary>
    Task<IReadOnlyList<EvidenceLink>> ListEvidenceAsync(long after, int limit, CancellationToken cancellationToken);
    Task<EvidenceHead> GetEvidenceHeadAsync(CancellationToken cancellationToken);

    /// <summary>The first link of a run that finished at or after this time; null when there is none.</summary>
    Task<long?> FindEvidenceSinceAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The links of the runs that this link says were deleted, in their order.</summary>
    Task<IReadOnlyList<long>> ListPrunedByAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Finished runs that neither have a link nor are older than the chain: nothing that this program wrote.</summary>
    Task<IReadOnlyList<string>> ListRunsWithoutEvidenceAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes at most <paramref name="limit"/> finished runs of a job with all that belongs to them, oldest first; returns how many. Their
    /// links stay. See <see cref="RunRetention"/>.
    /// </summary>
    Task<int> PruneRunsAsync(RunPruning pruning, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes output stored before this time; the attempts stay.</summary>
    Task<int> PruneOutputsAsync(DateTimeOffset storedBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes messages delivered before this time; dead ones stay.</summary>
    Task<int> PruneDeliveredAsync(DateTimeOffset deliveredBefore, int limit, CancellationToken cancellationToken);
}
