using System;
using System.Security;

namespace GraphToken;

/// <summary>Takes JSON Web Tokens (RFC 7519) apart, without verifying them.</summary>
public static class JsonWebToken
{
    /// <summary>
    /// Decodes the header and the claims of a signed token. Nothing is verified, and nothing is sent.
    /// </summary>
    /// <param name="token">
    /// The token; white space and quotation marks around it and <c>Bearer </c> before it are accepted, as is a token
    /// response: a JSON object with the token as <c>access_token</c>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    /// <exception cref="GraphTokenException">
    /// The text is not a signed JWT: <see cref="GraphTokenErrorKind.InvalidArgument"/>. The message does not repeat it.
    /// </exception>
    public static DecodedToken Decode(string token)
    {
        if (token == null)
        {
            throw new ArgumentNullException(nameof(token));
        }
        using Utf8Text text = Utf8Text.Of(token, nameof(token));
        return Decode(text);
    }

    /// <inheritdoc cref="Decode(string)"/>
    /// <param name="token">
    /// The token, which may be disposed afterwards; white space and quotation marks around it and <c>Bearer </c> before
    /// it are accepted, as is a token response: a JSON object with the token as <c>access_token</c>.
    /// </param>
    public static DecodedToken Decode(SecureString token)
    {
        using Utf8Text text = Utf8Text.OfSecret(token, nameof(token));
        return Decode(text);
    }

    private static DecodedToken Decode(Utf8Text token)
    {
        using var jwt = new JwtHandle(token);
        return new DecodedToken(jwt.ReadText(Native.gt_jwt_header), jwt.ReadText(Native.gt_jwt_claims));
    }
}
