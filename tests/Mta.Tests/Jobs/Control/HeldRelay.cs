using Delivery.Testing;

namespace Delivery.Mta.Tests.Jobs.Control;

/// <summary>Makes a peer answer the dots of bodies only as far as the test lets it.</summary>
internal sealed class HeldRelay : IDisposable
{
    private readonly SemaphoreSlim _answers = new(0);

    public HeldRelay(ScriptedSmtpServer peer) => peer.AsyncScript = async exchange =>
    {
        if (exchange.Step == SmtpStep.Dot)
            await _answers.WaitAsync();
        return null;
    };

    public void Answer(int dots) => _answers.Release(dots);

    public void AnswerAll() => _answers.Release(1_000_000);

    public void Dispose()
    {
        AnswerAll();
        _answers.Dispose();
    }
}
