using Delivery.Mta.Outcomes;
using Delivery.Mta.Spool;
using Microsoft.Data.Sqlite;

namespace Delivery.Micro.Operations;

/// <summary>One recipient's share of a claimed chunk and of the commit of its outcomes, on a spool in memory.</summary>
internal sealed class ClaimAndOutcome : HotOperation
{
    private static readonly byte[] Empty = "{}"u8.ToArray();
    private readonly SpoolSession _session;
    private readonly List<AttemptOutcome> _outcomes = [];

    public ClaimAndOutcome()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using (var schema = connection.CreateCommand())
        {
            schema.CommandText = SpoolSchema.Sql;
            schema.ExecuteNonQuery();
        }

        _session = new SpoolSession(connection);
        var recipients = new List<SpooledRecipient>();
        for (var i = 0u; i < PerRun; i++)
        {
            recipients.Add(new SpooledRecipient
            {
                Account = 1, Job = Samples.Job, Ordinal = i, Email = "noa.levi.17@inbox.example", Name = "Noa Levi", Key = Samples.Key, SubstitutionData = Samples.Recipient,
            });
            _outcomes.Add(new AttemptOutcome
            {
                Recipient = recipients[^1], State = RecipientState.Delivered, Attempts = 1, Losses = 0, Uncertain = false, Detail = "250 2.0.0 Ok",
            });
        }

        var job = new SpooledJob
        {
            Id = Samples.Job, Account = 1, CreatedMs = 1, CampaignId = "", ReturnPath = null, Content = Empty, Options = Empty, SubstitutionData = Empty, Metadata = Empty,
        };
        _session.Begin();
        new AcceptJob(job, recipients, [], null, Empty, Empty).Apply(_session);
        _session.Commit();
    }

    public override void Run()
    {
        _session.Begin();
        new ClaimChunk(Samples.Job, 0, PerRun).Apply(_session);
        _session.Commit();
        _session.Begin();
        new RecordOutcomes(_outcomes, [], nowMs: 1).Apply(_session);
        _session.Run("UPDATE job SET next_ordinal = 0");
        _session.Commit();
    }

    public override void Dispose()
    {
        _session.Dispose();
        base.Dispose();
    }
}
