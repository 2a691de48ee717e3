using System.Collections.Concurrent;
using Delivery.Testing;

namespace Delivery.Integration.Tests.Kills;

/// <summary>A relay that writes down what it accepted before it answers, and refuses, puts off or leaves unanswered some of it. Thread-safe.</summary>
internal sealed class SinkLedger : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<SinkCopy>> _copies = new();
    private readonly ConcurrentDictionary<string, bool> _faulted = new();
    private readonly StreamWriter _log;
    private readonly ScriptedSmtpServer _server;

    public SinkLedger(string path)
    {
        _log = new StreamWriter(path) { AutoFlush = true };
        _server = new ScriptedSmtpServer { Keeps = false, Taken = Take, Script = Answer };
    }

    public int Port => _server.Port;

    /// <summary>What it does to a recipient; null takes everything.</summary>
    public Func<string, SinkFault>? Faults { get; set; }

    /// <summary>Called with the first copy for each recipient.</summary>
    public Action<ReceivedMessage>? Arrived { get; set; }

    /// <summary>Answers of 450, each to one attempt.</summary>
    public ConcurrentQueue<string> PutOff { get; } = new();

    /// <summary>Recipients with the copies that were accepted for them.</summary>
    public IReadOnlyCollection<SinkCopy> Copies(string recipient) => _copies.TryGetValue(recipient, out var copies) ? copies : [];

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _log.DisposeAsync();
    }

    private void Take(ReceivedMessage message)
    {
        var answered = Fault(message.Recipient) != SinkFault.LeavesUnanswered || !_faulted.TryAdd(message.Recipient, true);
        var copy = new SinkCopy(Timeline.Now, message.Connection, MailLinks.MessageId(message), answered);
        var copies = _copies.GetOrAdd(message.Recipient, _ => new ConcurrentQueue<SinkCopy>());
        var first = copies.IsEmpty;
        copies.Enqueue(copy);
        lock (_log) _log.WriteLine($"{message.Recipient} {copy}");
        if (first)
            Arrived?.Invoke(message);
    }

    private SmtpAnswer? Answer(SmtpExchange exchange)
    {
        switch (exchange.Step)
        {
            case SmtpStep.Rcpt when Fault(exchange.Recipient) == SinkFault.Refuses:
                return "550 5.1.1 No such user";
            case SmtpStep.Rcpt when Fault(exchange.Recipient) == SinkFault.PutsOff && _faulted.TryAdd(exchange.Recipient, true):
                PutOff.Enqueue(exchange.Recipient);
                return "450 4.2.1 Not now";
            case SmtpStep.Dot when Copies(exchange.Recipient).LastOrDefault(copy => copy.Connection == exchange.Connection) is { Answered: false }:
                return SmtpAnswer.Drop;
            default:
                return null;
        }
    }

    private SinkFault Fault(string recipient) => Faults?.Invoke(recipient) ?? SinkFault.None;
}
