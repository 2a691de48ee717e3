namespace Delivery.Aggregator.Mails;

/// <summary>What is known of a job whose mail is asked for.</summary>
/// <param name="JobRows">Rows in table <c>jobs</c>: 0 where only events have arrived.</param>
/// <param name="EventRows">Rows in the roll-up of its events.</param>
internal sealed record MailJob(ulong JobRows, ulong EventRows, string JobSubject);
