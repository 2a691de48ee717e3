using System.Security.Cryptography;
using Delivery.Contracts.Dkim;

namespace Delivery.Cli.Bench.Send;

/// <summary>The sender without DKIM, the signatures alone, and the sender with DKIM, one after the other.</summary>
internal static class DkimRun
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(4);

    /// <exception cref="LaunchException">It could not be measured.</exception>
    public static async Task<SendResult> RunAsync(SendRun run, FittedCampaign fitted, string folder, TimeProvider time)
    {
        var plain = await run.RunAsync(fitted, Path.Combine(folder, "plain"));
        if (plain.OtherOutcomes > 0)
            return plain;
        var signatures = await SignaturesPerSecondAsync(fitted.MeanBytes, time);
        var signed = await run.RunAsync(fitted, Path.Combine(folder, "run"), signed: true);
        return signed with { Dkim = DkimFigures.Of(plain.MessagesPerSecond, signatures, signed.MessagesPerSecond) };
    }

    /// <summary>As the Mta's composers sign: one worker and one copy of the key a core, a hash over a message and the signature.</summary>
    private static async Task<double> SignaturesPerSecondAsync(int messageBytes, TimeProvider time)
    {
        using var key = RSA.Create(DkimPrivateKey.MinBits);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        await CountAsync(parameters, messageBytes, Warm, time);
        return await CountAsync(parameters, messageBytes, Counted, time);
    }

    private static async Task<double> CountAsync(RSAParameters key, int messageBytes, TimeSpan duration, TimeProvider time)
    {
        var start = time.GetTimestamp();
        var made = await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(() => Sign(key, messageBytes, start, duration, time))));
        return made.Sum() / time.GetElapsedTime(start).TotalSeconds;
    }

    private static long Sign(RSAParameters parameters, int messageBytes, long start, TimeSpan duration, TimeProvider time)
    {
        using var key = RSA.Create(parameters);
        var message = new byte[messageBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> signature = stackalloc byte[key.KeySize / 8];
        var made = 0L;
        while (time.GetElapsedTime(start) < duration)
        {
            SHA256.HashData(message, hash);
            key.SignHash(hash, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            message[made % messageBytes]++;
            made++;
        }

        return made;
    }
}
