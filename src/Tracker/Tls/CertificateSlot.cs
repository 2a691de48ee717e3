using System.Security.Cryptography;
using System.Text;

namespace Delivery.Tracker.Tls;

/// <summary>
/// One entry of <c>Tracker:Certificates</c>: the certificate served now, and what its files hold. The files are read whole at every look, so that
/// neither links nor time stamps matter. One look at a time; <see cref="Current"/> from anywhere.
/// </summary>
internal sealed class CertificateSlot
{
    private readonly CertificateOptions _options;
    private volatile ServedCertificate _current;
    private string _served;
    private string? _suspect;
    private string? _told;

    /// <exception cref="InvalidDataException">The files are not a certificate and its key.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This process may not read them.</exception>
    public CertificateSlot(CertificateOptions options)
    {
        _options = options;
        var (pem, key) = Files();
        _served = Digest(pem, key);
        _current = ServedCertificate.Read(options, pem, key);
    }

    public string Path => _options.Path;

    public ServedCertificate Current => _current;

    /// <summary>
    /// Serves what the files hold now. True where that is another certificate than before. <paramref name="fault"/>: why a changed one is not served,
    /// once, and only when it was found so twice, for two files are never replaced at the same moment.
    /// </summary>
    public bool Look(DateTimeOffset now, out string? fault)
    {
        fault = null;
        string? seen = null;
        try
        {
            var (pem, key) = Files();
            seen = Digest(pem, key);
            if (seen == _served)
            {
                _suspect = _told = null;
                return false;
            }

            var next = ServedCertificate.Read(_options, pem, key);
            if (!IsValid(next, now) && IsValid(_current, now))
                throw new InvalidDataException($"{_options.Path}: the new certificate is valid from {next.NotBefore:u} to {next.Expires:u}, and the one before is valid now");
            _current = next;
            _served = seen;
            _suspect = _told = null;
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            seen ??= e.Message;
            if (_suspect == seen && _told != seen)
            {
                _told = seen;
                fault = e.Message;
            }

            _suspect = seen;
            return false;
        }
    }

    private static bool IsValid(ServedCertificate certificate, DateTimeOffset now) => certificate.NotBefore <= now && now < certificate.Expires;

    private (string Pem, string? Key) Files()
    {
        var secret = string.IsNullOrEmpty(_options.KeyPath) ? _options.Path : _options.KeyPath;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(secret) & UnixFileMode.OtherRead) != 0)
            throw new InvalidDataException($"{secret} holds a private key and can be read by everybody: chmod o= {secret}");
        return (File.ReadAllText(_options.Path), secret == _options.Path ? null : File.ReadAllText(secret));
    }

    private static string Digest(string pem, string? key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(pem + "\0" + key)));
}
