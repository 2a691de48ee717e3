using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Delivery.Mta.Jobs;
using Delivery.Mta.Messages;
using Delivery.Mta.Outcomes;
using Delivery.Mta.Smtp;
using Delivery.Mta.Spool;
using Delivery.Mta.Telemetry;
using Microsoft.Data.Sqlite;

namespace Delivery.Mta.Lanes;

/// <summary>
/// Makes a claimed recipient's message and puts it into the lane. What cannot be sent is dropped with its reason; the others go on.
/// One instance for each worker: it owns its scratch memory.
/// </summary>
internal sealed class Composer(
    JobLoader jobs, MessageComposer composer, MessagePool messages, OutcomeRules rules, DepartureRules departure, SendLanes lanes, OutcomeWriter outcomes, BusyTimes busy, TimeProvider time,
    ILogger<Composer> log)
{
    private static readonly JsonDocumentOptions DataOptions = new() { MaxDepth = 64 };

    /// <summary>How often a message that waits for room is asked whether it may still leave.</summary>
    private static readonly TimeSpan RoomWait = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs until the channel ends. From <paramref name="stopping"/> on recipients are given back instead of being composed.</summary>
    public async Task RunAsync(ChannelReader<SpooledRecipient> claimed, CancellationToken stopping)
    {
        while (await claimed.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            // What is in the lane waits for the next messages: where none comes, for none.
            while (claimed.TryRead(out var recipient))
            {
                if (!await SendAsync(recipient, stopping).ConfigureAwait(false))
                    lanes.Wire.Release();
            }

            lanes.Wire.Release();
        }
    }

    /// <summary>False where the recipient gets no message.</summary>
    private async Task<bool> SendAsync(SpooledRecipient recipient, CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
        {
            outcomes.Add(rules.Return(recipient));
            return false;
        }

        if (departure.Refusal(recipient) is { } refusal)
        {
            outcomes.Add(refusal);
            return false;
        }

        // Composing never waits: without stepping back it keeps the pool's few threads from the connections until the lane is full.
        await Task.Yield();
        if (TryCompose(recipient) is not { } message)
            return false;
        await PutAsync(message, recipient.Live!, stopping).ConfigureAwait(false);
        return true;
    }

    private async Task PutAsync(MailMessage message, LiveJob job, CancellationToken stopping)
    {
        try
        {
            var tail = message.TakeTailAsync(stopping);
            if (!tail.IsCompleted)
                lanes.Wire.Release();
            await tail.ConfigureAwait(false);
            while (!await lanes.Wire.WriteAsync(message, job.Transactional, RoomWait, stopping).ConfigureAwait(false))
            {
                if (!message.MayLeave())
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            message.Return();
            return;
        }

        // Decided while it was being composed, when nobody could find it.
        if (job.Hold != JobHold.None)
            lanes.Recall(job);
    }

    /// <summary>Null where the recipient was dropped or given back. One that brings the composer down is dropped, so that it does not hurt the others.</summary>
    private MailMessage? TryCompose(SpooledRecipient recipient)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return Compose(recipient);
        }
        catch (SqliteException e)
        {
            Log.ComposeFailed(log, recipient.Job, recipient.Ordinal, e);
            outcomes.Add(rules.GiveBack(recipient, "the spool could not be read"));
        }
        catch (CryptographicException e)
        {
            Log.ComposeFailed(log, recipient.Job, recipient.Ordinal, e);
            outcomes.Add(rules.GiveBack(recipient, "the message could not be signed"));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.ComposeFailed(log, recipient.Job, recipient.Ordinal, e);
            outcomes.Add(rules.Drop(recipient, "render_failed", e.GetType().Name));
        }
        finally
        {
            busy.Add(BusyTimes.Part.Compose, started);
        }

        return null;
    }

    /// <summary>Null where the recipient was dropped.</summary>
    private MailMessage? Compose(SpooledRecipient recipient)
    {
        if (jobs.Load(recipient.Job) is not { } job)
        {
            outcomes.Add(rules.Drop(recipient, "invalid", "the job cannot be read from the spool"));
            return null;
        }

        if (departure.Suppressed(recipient, job.List) is { } suppressed)
        {
            outcomes.Add(suppressed);
            return null;
        }

        if (!MailAddress.TryNormalize(recipient.Email, out var to))
        {
            outcomes.Add(rules.Drop(recipient, "invalid", "the address is not valid"));
            return null;
        }

        using var data = recipient.SubstitutionData is { } json ? JsonDocument.Parse(json, DataOptions) : null;
        using var metadata = recipient.Metadata is { } bytes ? JsonDocument.Parse(bytes, DataOptions) : null;
        var input = new MessageInput
        {
            Account = job.Account,
            Job = job.Id,
            FeedbackId = job.FeedbackId,
            Recipient = recipient.Ordinal,
            Date = time.GetUtcNow(),
            Email = recipient.Email,
            Name = recipient.Name,
            UpstreamId = recipient.UpstreamId,
            Key = recipient.Key,
            List = job.List,
            SubstitutionData = data?.RootElement ?? default,
            JobSubstitutionData = job.SubstitutionData,
            Metadata = metadata?.RootElement ?? default,
            JobMetadata = job.Metadata,
            Unsigned = job.Sandbox,
        };
        var message = messages.Rent();
        message.Begin(job, recipient);
        if (!composer.TryCompose(job.Content, input, message.BodyWriter, out var failure))
        {
            messages.Return(message);
            outcomes.Add(rules.Drop(recipient, failure.Reason == ComposeReason.InvalidAddress ? "invalid" : "render_failed", failure.Describe()));
            return null;
        }

        if (job.Sandbox)
        {
            messages.Return(message);
            outcomes.Add(rules.Drop(recipient, "sandbox", null));
            return null;
        }

        message.Address(to);
        return message;
    }
}
