# Every third-party library, as a target deps::NAME, found by find_package or pkg-config: nothing is
# downloaded. TIGHTSHIP_STATIC prefers the static archive where Debian ships one.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

if(TIGHTSHIP_SANITIZE)
  add_compile_options(-fsanitize=${TIGHTSHIP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TIGHTSHIP_SANITIZE})
endif()
if(TIGHTSHIP_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

function(tightship_dependency name)
  cmake_parse_arguments(ARG "" "ARCHIVE;HEADER" "PKG" ${ARGN})
  add_library(deps_${name} INTERFACE)
  add_library(deps::${name} ALIAS deps_${name})
  if(ARG_PKG)
    pkg_check_modules(PC_${name} REQUIRED IMPORTED_TARGET ${ARG_PKG})
    set(archive ARCHIVE-NOTFOUND)
    if(TIGHTSHIP_STATIC AND ARG_ARCHIVE)
      find_library(ARCHIVE_${name} lib${ARG_ARCHIVE}.a PATHS ${PC_${name}_LIBRARY_DIRS})
      set(archive ${ARCHIVE_${name}})
    endif()
    if(archive)
      # A target, not a path: only then does CMake know that what it needs must come behind it.
      add_library(archive_${name} STATIC IMPORTED)
      set_target_properties(archive_${name} PROPERTIES IMPORTED_LOCATION ${archive})
      target_include_directories(deps_${name} SYSTEM INTERFACE ${PC_${name}_INCLUDE_DIRS})
      target_link_libraries(deps_${name} INTERFACE archive_${name} Threads::Threads)
    else()
      target_link_libraries(deps_${name} INTERFACE PkgConfig::PC_${name})
    endif()
    set(TIGHTSHIP_VERSION_${name} "${PC_${name}_VERSION}" CACHE INTERNAL "")
  endif()
  if(ARG_HEADER)
    find_path(HEADER_${name} ${ARG_HEADER} REQUIRED)
    target_include_directories(deps_${name} SYSTEM INTERFACE ${HEADER_${name}})
  endif()
endfunction()

# The archive of `name` calls the other dependencies.
function(tightship_needs name)
  target_link_libraries(deps_${name} INTERFACE ${ARGN})
  if(TARGET archive_${name})
    target_link_libraries(archive_${name} INTERFACE ${ARGN})
  endif()
endfunction()

tightship_dependency(hyperscan PKG libhs ARCHIVE hs)   # Hyperscan, or Vectorscan: the same name and API
tightship_dependency(re2 PKG re2 ARCHIVE re2)
tightship_dependency(libdeflate PKG libdeflate ARCHIVE deflate)
tightship_dependency(xxhash HEADER xxhash.h)   # its functions are inlined
tightship_dependency(zlib PKG zlib ARCHIVE z)
tightship_dependency(nettle PKG nettle ARCHIVE nettle)
tightship_dependency(gmp PKG gmp ARCHIVE gmp)
tightship_dependency(hogweed PKG hogweed ARCHIVE hogweed)   # nettle's curves
tightship_needs(hogweed deps::nettle deps::gmp)
tightship_dependency(tomlplusplus PKG tomlplusplus)
tightship_dependency(yaml PKG yaml-0.1 ARCHIVE yaml)   # static: a command that reads no YAML pays nothing
tightship_dependency(cares PKG libcares ARCHIVE cares)   # static: only the net commands use it
tightship_dependency(psl HEADER libpsl.h)   # loaded on demand
tightship_dependency(idn2 HEADER idn2.h)    # loaded on demand
tightship_dependency(brotli PKG libbrotlicommon ARCHIVE brotlicommon)
tightship_dependency(brotlidec PKG libbrotlidec ARCHIVE brotlidec)
tightship_needs(brotlidec deps::brotli)
tightship_dependency(openssl HEADER openssl/ssl.h)   # loaded on demand: src/net/openssl_library.h
tightship_dependency(curl HEADER curl/curl.h)         # loaded on demand: src/net/curl_library.h
# Static: the readers that are not used are left out (libxml2 and acl with them), and a start pays nothing.
tightship_dependency(lzma PKG liblzma ARCHIVE lzma)
tightship_dependency(zstd PKG libzstd ARCHIVE zstd)
tightship_dependency(lz4 PKG liblz4 ARCHIVE lz4)
tightship_dependency(bzip2 HEADER bzlib.h)   # has no pkg-config file
if(TIGHTSHIP_STATIC)
  find_library(ARCHIVE_bzip2 libbz2.a)
endif()
find_library(LIBRARY_bzip2 bz2 REQUIRED)
target_link_libraries(deps_bzip2 INTERFACE $<IF:$<BOOL:${ARCHIVE_bzip2}>,${ARCHIVE_bzip2},${LIBRARY_bzip2}>)
tightship_dependency(archive PKG libarchive ARCHIVE archive)
tightship_needs(archive deps::nettle deps::lzma deps::zstd deps::lz4 deps::bzip2 deps::zlib)
tightship_dependency(json HEADER nlohmann/json.hpp)
tightship_dependency(cli11 HEADER CLI/CLI.hpp)
tightship_dependency(expected HEADER tl/expected.hpp)
tightship_dependency(libgit2 PKG libgit2)
tightship_dependency(fmt HEADER fmt/format.h)
add_library(tightship_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt_library.cpp)
target_include_directories(tightship_fmt SYSTEM PRIVATE ${HEADER_fmt})
target_link_libraries(deps_fmt INTERFACE tightship_fmt)
tightship_dependency(spdlog HEADER spdlog/spdlog.h)
target_compile_definitions(deps_spdlog INTERFACE SPDLOG_FMT_EXTERNAL)
